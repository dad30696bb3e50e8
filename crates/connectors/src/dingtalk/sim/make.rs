//! Groups are made and changed.

use adjourn_connector_kit::transport::Request;
use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_world::{Group, Membership};
use serde_json::json;

use super::asked::{ChatUpdate, CreateChat, CreateScene, SceneMembers, SceneUpdate, Switches, muted};
use super::new::TEMPLATE;
use super::{Answer, DingTalkSim, No, body, chat_id, done, no, query};

/// Most groups of a world.
const MAX_GROUPS: usize = 100_000;

/// Who and what a new group is.
struct Made {
    name: String,
    owner: String,
    admins: Vec<String>,
    members: Vec<String>,
    switches: Switches,
}

impl DingTalkSim {
    pub(super) fn create_scene(&mut self, request: &Request) -> Answer {
        let asked: CreateScene = body(request)?;
        if asked.template_id != TEMPLATE {
            return no(400, "paramIllegal");
        }
        // The same key is the same group, whatever else is asked for.
        if let Some(id) = self.keyed.get(&asked.uuid) {
            return Ok(json!({ "open_conversation_id": id, "chat_id": chat_id(id) }));
        }
        let id = self.make(&Made {
            name: asked.title,
            owner: asked.owner_user_id,
            admins: asked.subadmin_ids,
            members: asked.user_ids,
            switches: asked.management_options,
        })?;
        self.scenes.insert(id.clone());
        if !asked.uuid.is_empty() {
            self.keyed.insert(asked.uuid, id.clone());
        }
        Ok(json!({ "open_conversation_id": id, "chat_id": chat_id(&id) }))
    }

    pub(super) fn create_chat(&mut self, request: &Request) -> Answer {
        let asked: CreateChat = body(request)?;
        if asked.owner_type.is_some_and(|kind| kind != "emp") {
            return no(400, "paramIllegal");
        }
        let id = self.make(&Made {
            name: asked.name,
            owner: asked.owner,
            admins: Vec::new(),
            members: asked.useridlist,
            switches: asked.management_options,
        })?;
        Ok(json!({ "openConversationId": id, "chatid": chat_id(&id), "conversationTag": 2 }))
    }

    fn make(&mut self, made: &Made) -> Result<String, No> {
        let illegal = No { status: 400, code: "paramIllegal" };
        let muted = muted(&made.switches).map_err(|()| illegal)?;
        let people = || made.members.iter().chain(&made.admins).chain([&made.owner]);
        let named = (1..=20).contains(&made.name.chars().count());
        if !people().all(|user| self.is_person(user)) || !named || self.world.groups.len() >= MAX_GROUPS {
            return Err(illegal);
        }
        let standing = |user: &String| match () {
            () if *user == made.owner => Standing::Owner,
            () if made.admins.contains(user) => Standing::Admin,
            () => Standing::Member,
        };
        let member = |user: &String| (user.clone(), Membership { standing: standing(user), online: true });
        let group = Group {
            name: Some(made.name.clone()),
            members: people().map(member).collect(),
            frozen: muted == Some(true),
            ..Group::default()
        };
        let id = format!("cidSimMade{:04}==", self.next());
        self.world.groups.insert(id.clone(), group);
        self.world.count(Op::Create, &id);
        Ok(id)
    }

    fn is_person(&self, user: &str) -> bool {
        self.world.accounts.get(user).is_some_and(|account| !account.bot)
    }

    pub(super) fn update_scene(&mut self, request: &Request) -> Answer {
        let asked: SceneUpdate = body(request)?;
        let id = asked.open_conversation_id;
        self.scene(&id)?;
        self.open(&id, "groupDisbang")?;
        self.update(&id, asked.title, asked.owner_user_id, &asked.management_options)
    }

    pub(super) fn update_chat(&mut self, request: &Request) -> Answer {
        let asked: ChatUpdate = body(request)?;
        let id = self.of_chat(&asked.chatid).cloned().ok_or(No { status: 400, code: "group.nonexist" })?;
        self.open(&id, "group.diaband")?;
        if asked.owner_type.is_some_and(|kind| kind != "emp") {
            return no(400, "paramIllegal");
        }
        self.people_come_and_go(&id, &asked.add_useridlist, true)?;
        self.people_come_and_go(&id, &asked.del_useridlist, false)?;
        self.update(&id, asked.name, asked.owner, &asked.options)
    }

    fn update(&mut self, id: &str, name: Option<String>, to: Option<String>, switches: &Switches) -> Answer {
        let muted = muted(switches).map_err(|()| No { status: 400, code: "paramIllegal" })?;
        let present = self.owner(id)?;
        if let Some(to) = to {
            self.world.transfer(id, &present, &to).or(no(400, "paramIllegal"))?;
        }
        if let Some(muted) = muted {
            let owner = self.owner(id)?;
            self.world.freeze(id, &owner, muted).or(no(500, "system.error"))?;
        }
        if let Some(name) = name {
            self.world.group_mut(id).or(no(500, "system.error"))?.name = Some(name);
        }
        done()
    }

    pub(super) fn scene_members(&mut self, request: &Request, come: bool) -> Answer {
        let asked: SceneMembers = body(request)?;
        self.scene(&asked.open_conversation_id)?;
        self.open(&asked.open_conversation_id, "groupDisbang")?;
        self.people_come_and_go(&asked.open_conversation_id, &asked.user_ids, come)?;
        done()
    }

    /// The owner can't be put out.
    fn people_come_and_go(&mut self, id: &str, users: &[String], come: bool) -> Result<(), No> {
        let owner = self.owner(id)?;
        if users.iter().any(|user| !self.is_person(user) || (!come && *user == owner)) {
            return no(400, "paramIllegal");
        }
        let group = self.world.group_mut(id).or(no(500, "system.error"))?;
        for user in users {
            if come {
                let member = Membership { standing: Standing::Member, online: true };
                group.members.entry(user.clone()).or_insert(member);
            } else {
                group.members.remove(user);
            }
        }
        Ok(())
    }

    pub(super) fn mute_settings(&self, request: &Request) -> Answer {
        let asked = query(request, &["openConversationId", "userId", "permissionCode"])?;
        let id = asked.get("openConversationId").map_or("", String::as_str);
        self.scene(id)?;
        Ok(json!({ "groupMuteMode": self.open(id, "group.disbanded")?.frozen }))
    }
}
