//! A few groups on a platform: registered by flags, renewed, looked at again, handed over.

use std::collections::BTreeSet;

use adjourn_world::ClientAct;
use serde_json::{Value, json};

use crate::office::Office;
use crate::{owed, view};

fn office() -> Office {
    Office::new(&[
        ("a", "Alpha", "boss"),
        ("b", "Beta", "boss"),
        ("c", "Gamma", "ann"),
        ("d", "Delta", "boss"),
    ])
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn card(office: &Office, native: &str) -> Value {
    let all = office.run(&["ls"]).1;
    all["groups"].as_array().unwrap().iter().find(|card| card["native"] == native).unwrap().clone()
}

#[test]
fn req_g1_one_group_is_registered_by_flags_renewed_and_each_view_says_what_it_rests_on() {
    let office = office();
    office.person("b", "boss", &ClientAct::Post { text: "still here".to_owned() });
    let report = office.run(&["scan", "q"]).1["scans"][0]["report"].clone();
    assert_eq!(report["unregistered"].as_array().unwrap().len(), 4);
    assert_eq!(view(&office, "unregistered"), set(&["a", "b", "c", "d"]));
    assert_eq!(view(&office, "idle"), set(&["a", "c", "d"]), "somebody spoke in one of them");
    assert_eq!(view(&office, "unknown"), set(&[]));
    assert_eq!(view(&office, "one-owner"), set(&["a", "b", "c", "d"]));

    let refused = office.run(&["register", "Alpha", "--purpose", "sales"]);
    assert_eq!((refused.0, &refused.1["error"]["code"]), (1, &json!("register.owner")));
    let (code, _) = office.run(&[
        "register",
        "Alpha",
        "--owner",
        "Li Lei",
        "--contact",
        "139-0000-0001",
        "--deputy",
        "Han",
        "--deputy-contact",
        "139-0000-0002",
        "--purpose",
        "sales",
        "--unit",
        "East",
        "--holds",
        "personal data, business_secrets",
        "--expires",
        "2020-01-31",
        "--exit-plan",
        "export, then dissolve",
    ]);
    assert_eq!(code, 0);
    let entry = card(&office, "a")["register"].clone();
    assert_eq!(
        (&entry["owner"]["name"], &entry["deputy"]["contact"], &entry["unit"], &entry["holds"]),
        (
            &json!("Li Lei"),
            &json!("139-0000-0002"),
            &json!("East"),
            &json!(["personal_data", "business_secrets"])
        )
    );
    // What is left out stays, an empty text takes out.
    assert_eq!(office.run(&["register", "Alpha", "--unit", "", "--purpose", "support"]).0, 0);
    let entry = card(&office, "a")["register"].clone();
    assert_eq!(
        (&entry["unit"], &entry["purpose"], &entry["expires"]),
        (&json!(null), &json!("support"), &json!("2020-01-31"))
    );
    assert_eq!(entry["owner"]["contact"], "139-0000-0001");
    let again = office.run(&["register", "Alpha", "--purpose", "support"]).1;
    assert_eq!((&again["same"], &again["changed"]), (&json!(1), &json!([])));
    assert_eq!(view(&office, "unregistered"), set(&["b", "c", "d"]));
    assert_eq!(view(&office, "one-owner"), set(&["b", "c", "d"]), "a deputy stands in for the other");
    assert_eq!(view(&office, "expiring"), set(&["a"]));

    // Who saw it and when stands in the row, in both languages.
    for (lang, day) in [("en", "last day 2020-01-31"), ("zh-CN", "2020-01-31")] {
        let says = office.says(lang, &["ls", "--view", "expiring"]);
        assert!(says.contains(day) && says.contains("main") && says.contains("Li Lei"), "{says}");
    }
    let wrong = office.run(&["renew", "Alpha", "--until", "2020-02-31"]);
    assert_eq!((wrong.0, &wrong.1["error"]["code"]), (1, &json!("register.flag")));
    for (args, code) in [
        (["renew", "Alpha", "--until", "2020-02-01"], "renew.until"),
        (["renew", "Alpha", "--for", "11y"], "renew.until"),
        (["renew", "Alpha", "--for", "soon"], "renew.length"),
        (["renew", "Beta", "--for", "1y"], "renew.unregistered"),
    ] {
        assert_eq!(office.run(&args).1["error"]["code"], code, "{args:?}");
    }
    let (code, said) = office.run(&["renew", "Alpha", "--for", "1y", "--answer", "the project goes on"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(view(&office, "expiring"), set(&[]));
    let renewed = card(&office, "a")["register"]["renewed"].clone();
    assert_eq!(renewed["answer"], "the project goes on");
    assert!(renewed["by"].as_str().unwrap().starts_with("p-"));
    assert!(office.says("en", &["show", "Alpha"]).contains("the project goes on"));
}

#[test]
fn req_g11_a_look_reconciles_the_register_with_the_platform() {
    let office = office();
    office.run(&["scan", "q"]);
    office.write(
        "groups.csv",
        "name,platform,owner,contact,class,id,deputy\nAlpha,qq,Li,1,important,a,Han\nBeta,qq,Li,1,important,b,\n",
    );
    assert_eq!(office.run(&["register", "--ledger", "groups.csv"]).0, 0);
    // Li leaves, and so does whoever has the account ann; a directory says so. Somebody of Li's name has another contact.
    office.write("leavers.csv", "name,contact,platform,account\nLi,1,,\nAnn,2,qq,ann\nHan,9,,\n");
    let (code, said) = office.run(&["register", "--leavers", "leavers.csv"]);
    assert_eq!(code, 5, "one of them is in doubt: {said}");
    assert_eq!(said["doubtful"][0]["groups"].as_array().unwrap().len(), 1);
    let debt = |id: &str, name: &str| (id.to_owned(), "owner".to_owned(), name.to_owned());
    let expected =
        [(debt("a", "Li"), Some("Han".to_owned())), (debt("b", "Li"), None), (debt("c", "Ann"), None)];
    assert_eq!(owed(&office), expected.clone().into());

    // The platform shows another owner: the debt of the account is settled by it, and not owed again.
    office.person("c", "ann", &ClientAct::Transfer { to: "boss".to_owned() });
    office.person("b", "boss", &ClientAct::Transfer { to: "eye".to_owned() });
    let dissolve = ClientAct::Dissolve {
        typed_name: "Delta".to_owned(),
        qr_scanned: false,
        phone_confirmed: false,
        super_admin: None,
    };
    office.person("d", "boss", &dissolve);
    let report = office.run(&["scan", "q"]).1["scans"][0]["report"].clone();
    assert_eq!(report["settled"].as_array().unwrap().len(), 2, "{report}");
    let changed: BTreeSet<&str> = report["owner_changed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["after"][0].as_str().unwrap())
        .collect();
    assert_eq!(changed, BTreeSet::from(["boss", "eye"]));
    // Not listed is said, and nothing is concluded from it.
    let gone = card(&office, "d");
    assert_eq!((&report["vanished"], &gone["verdict"]), (&json!([gone["group"]]), &json!(null)));
    assert!(view(&office, "unregistered").contains("d"));
    assert_eq!(owed(&office), expected.clone().into_iter().take(1).collect());
    office.run(&["register", "--leavers", "leavers.csv"]);
    assert_eq!(owed(&office), expected.into_iter().take(1).collect(), "settled once is settled");

    // The proposed one is named: settled.
    assert_eq!(office.run(&["register", "a", "--owner", "Han", "--deputy", ""]).0, 0);
    assert!(owed(&office).is_empty());
}

#[test]
fn req_g11_a_directory_says_who_left_and_a_deputy_who_leaves_is_owed_too() {
    let office = office();
    office.run(&["scan", "q"]);
    office.write(
        "groups.csv",
        "name,platform,owner,contact,class,id,deputy,deputy contact\nAlpha,qq,Li Lei,139-0000-0001,important,a,Han,han@example.org\n",
    );
    assert_eq!(office.run(&["register", "--ledger", "groups.csv"]).0, 0);
    let user = |name: &str, active: bool, contact: Value| {
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name, "active": active,
               "name": {"formatted": name}, "phoneNumbers": contact})
    };
    let list = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 2,
        "Resources": [user("Li Lei", true, json!([{"value": "tel:+86-139-0000-0001"}])),
                      {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "han@example.org",
                       "displayName": "Han", "active": false}],
    });
    office.write("scim.json", list.to_string());
    let (code, said) = office.run(&["register", "--leavers", "scim.json"]);
    assert_eq!((code, &said["form"], &said["active"]), (0, &json!("scim"), &json!(1)), "{said}");
    let deputy = ("a".to_owned(), "deputy".to_owned(), "Han".to_owned());
    assert_eq!(owed(&office), [(deputy.clone(), None)].into());
    assert!(view(&office, "one-owner").contains("a"), "nobody stands in any more");

    // The owner leaves as well: the deputy who leaves is not proposed.
    office.write("li.json", user("Li Lei", false, json!([{"value": "tel:+86-139-0000-0001"}])).to_string());
    assert_eq!(office.run(&["register", "--leavers", "li.json"]).0, 0);
    let owner = ("a".to_owned(), "owner".to_owned(), "Li Lei".to_owned());
    assert_eq!(owed(&office), [(deputy, None), (owner, None)].into());
    assert!(view(&office, "orphan").contains("a"));
}
