//! The settings and secrets of an identity, and the access token that both APIs take.
//!
//! The token of the new API is used for the old one too: the old one's own token (`/gettoken`) needs the app's secret in
//! the address, where logs keep it. It is kept by the host until a minute before its time is over; one that the
//! platform refuses is forgotten and replaced once.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Reply, Request, Secret};
use adjourn_domain::canonical::Hash;
use url::Url;

use super::errors::{self, Asks};
use super::wire::stream::Gate;
use super::wire::{self, Call, Door};

/// Setting: address of the new API.
pub(super) const URL: &str = "url";
/// Setting: address of the old API.
pub(super) const OLD_URL: &str = "old_url";
/// Setting: user id of the person for whom notices are posted and inventories are read.
pub(super) const OPERATOR: &str = "operator";
/// Setting: groups that the app made without a template, `openConversationId=chatid`, and others to look after.
pub(super) const GROUPS: &str = "groups";
/// Setting: ids of templates whose groups are looked after, for editions without an inventory.
pub(super) const TEMPLATES: &str = "templates";
/// Setting: id of the template from which groups are made; ordinary groups are made without.
pub(super) const SCENE_TEMPLATE: &str = "scene_template";
/// Setting: how announcements are posted: `notice` (the default), `robot`, `organisation`.
pub(super) const ANNOUNCE: &str = "announce";
/// Secret: the app's key, which is its robot's code too.
pub(super) const APP_KEY: &str = "app_key";
/// Secret: the app's secret.
pub(super) const APP_SECRET: &str = "app_secret";

/// Seconds before its end at which a token is not used any more.
const EARLY_S: u64 = 60;
/// Most groups that the setting names.
const MAX_GROUPS: usize = 10_000;

/// One app at the platform.
pub(super) struct Api<'a> {
    pub(super) cx: &'a Context<'a>,
    new: Url,
    old: Url,
    key: &'a str,
    secret: &'a str,
}

impl<'a> Api<'a> {
    /// Reads settings and secrets; nothing is sent.
    pub(super) fn new(cx: &'a Context<'a>) -> Result<Self, ConnectorError> {
        Ok(Self {
            cx,
            new: address(cx, URL)?,
            old: address(cx, OLD_URL)?,
            key: cx.secret(APP_KEY)?.expose(),
            secret: cx.secret(APP_SECRET)?.expose(),
        })
    }

    /// The account: the app, named so that its key is not shown.
    pub(super) fn account(&self) -> String {
        let hash = Hash::of(self.key.as_bytes()).to_hex();
        format!("app-{}", hash.get(..12).unwrap_or_default())
    }

    /// The code of the app's own robot.
    pub(super) fn robot(&self) -> &'a str {
        self.key
    }

    /// The person for whom things are done that an app can't do alone.
    pub(super) fn operator(&self) -> Option<&'a str> {
        self.cx.settings.get(OPERATOR).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The same, where it is needed.
    pub(super) fn need_operator(&self) -> Result<&'a str, ConnectorError> {
        self.operator().ok_or_else(|| ConnectorError::missing(OPERATOR))
    }

    /// The template from which groups are made.
    pub(super) fn template(&self) -> Option<&'a str> {
        self.cx.settings.get(SCENE_TEMPLATE).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// Asks something.
    pub(super) async fn read<T: serde::de::DeserializeOwned>(
        &self,
        call: &Call,
    ) -> Result<T, ConnectorError> {
        self.json(call, Asks::Read).await
    }

    /// Changes something.
    pub(super) async fn change<T: serde::de::DeserializeOwned>(
        &self,
        call: &Call,
    ) -> Result<T, ConnectorError> {
        self.json(call, Asks::Change).await
    }

    async fn json<T: serde::de::DeserializeOwned>(
        &self,
        call: &Call,
        asks: Asks,
    ) -> Result<T, ConnectorError> {
        let token = self.token().await?;
        match self.send(call, &token, asks).await {
            // The kept token is refused: it is replaced once. A refusal has no effect, so nothing is done twice.
            Err(error)
                if errors::is_token(&error) && self.cx.tokens.get(&self.name(), self.cx.now).is_some() =>
            {
                self.cx.tokens.forget(&self.name());
                let token = self.token().await?;
                self.send(call, &token, asks).await
            }
            other => other,
        }
    }

    async fn send<T: serde::de::DeserializeOwned>(
        &self,
        call: &Call,
        token: &Secret,
        asks: Asks,
    ) -> Result<T, ConnectorError> {
        let base = if call.door == Door::New { &self.new } else { &self.old };
        let reply = self.reply(wire::build(call, base, Some(token))?, asks).await?;
        wire::read(&reply, call.door, asks)
    }

    async fn reply(&self, request: Request, asks: Asks) -> Result<Reply, ConnectorError> {
        self.cx.transport.call(request).await.map_err(|error| errors::of_transport(&error, asks))
    }

    /// The app's token, from an earlier call or new.
    async fn token(&self) -> Result<Secret, ConnectorError> {
        if let Some(token) = self.cx.tokens.get(&self.name(), self.cx.now) {
            return Ok(token);
        }
        let request = wire::build(&wire::token(self.key, self.secret), &self.new, None)?;
        let reply = self.reply(request, Asks::Read).await?;
        let fresh: wire::Token = wire::read(&reply, Door::New, Asks::Read)?;
        if fresh.access_token.is_empty() || fresh.access_token.len() > 512 {
            return Err(errors::protocol("a token of a length that no token has", Asks::Read));
        }
        let token = Secret::new(fresh.access_token);
        let lasts = fresh.expire_in.min(86_400).saturating_sub(EARLY_S);
        self.cx.tokens.keep(&self.name(), &token, self.cx.now.plus_secs(lasts));
        Ok(token)
    }

    /// A ticket for a stream of events. It is asked for with key and secret themselves and never kept.
    pub(super) async fn gate(&self) -> Result<Gate, ConnectorError> {
        let mut request = wire::build(&wire::requests::gate(self.key, self.secret), &self.new, None)?;
        // Without it the gateway answers in XML, its SDKs say.
        let json = http::HeaderValue::from_static("application/json");
        request.headers_mut().insert(http::header::ACCEPT, json);
        wire::read(&self.reply(request, Asks::Read).await?, Door::New, Asks::Read)
    }

    /// Under which name the token is kept: another app or another secret has another one.
    fn name(&self) -> String {
        let parts: [&[u8]; 3] = [self.key.as_bytes(), b"\n", self.secret.as_bytes()];
        Hash::of_parts(&parts).to_hex()
    }

    /// The second id of a group that the app made without a template.
    pub(super) fn chat_of(&self, group: &str) -> Result<Option<String>, ConnectorError> {
        Ok(self.groups()?.into_iter().find(|(id, _)| id == group).and_then(|(_, chat)| chat))
    }

    /// The groups that the setting names, each with its second id where it is given.
    pub(super) fn groups(&self) -> Result<Vec<(String, Option<String>)>, ConnectorError> {
        let text = self.cx.settings.get(GROUPS).map_or("", String::as_str);
        let mut all = Vec::new();
        for entry in text.split([',', ';', '\n']).map(str::trim).filter(|entry| !entry.is_empty()) {
            // An openConversationId ends in "=" signs of its own, a chatid never does.
            let (group, chat) = match entry.rsplit_once("=chat") {
                Some((group, rest)) if !rest.contains('=') => (group, Some(format!("chat{rest}"))),
                _ => (entry, None),
            };
            let plain =
                |id: &str| !id.is_empty() && id.len() <= 256 && id.bytes().all(|b| b.is_ascii_graphic());
            let named = plain(group) && chat.as_deref().is_none_or(plain);
            if !named || all.len() >= MAX_GROUPS {
                return Err(ConnectorError::new(
                    Kind::Config,
                    "setting groups: openConversationId=chatid, separated by commas",
                ));
            }
            all.push((group.to_owned(), chat));
        }
        Ok(all)
    }

    /// The templates that the setting names.
    pub(super) fn templates(&self) -> Vec<&'a str> {
        let text = self.cx.settings.get(TEMPLATES).map_or("", String::as_str);
        text.split([',', ';', '\n']).map(str::trim).filter(|id| !id.is_empty()).take(MAX_GROUPS).collect()
    }
}

fn address(cx: &Context<'_>, name: &'static str) -> Result<Url, ConnectorError> {
    let wrong = || ConnectorError::new(Kind::Url, format!("setting {name}"));
    let url = Url::parse(cx.setting(name)?.trim()).map_err(|_| wrong())?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain { Ok(url) } else { Err(wrong()) }
}
