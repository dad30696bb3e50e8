//! Five hundred groups on three platforms, out of two ledgers: every one of them moves, each owner answers on the own page, and
//! at every moment the numbers add up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use adjourn_domain::capability::Op;
use adjourn_world::client_obeys;
use serde_json::{Value, json};

use crate::ledgers::{comma_separated, spreadsheet};
use crate::office::Office;
use crate::platform::Platform;
use crate::support::now;
use crate::support::serve::Serve;
use crate::{ALL, path_of, wait_in_steps};

/// People who own the groups.
const OWNERS: usize = 60;
/// Who answers at the same time.
const TOGETHER: usize = 4;
pub(crate) const SHOT: (&str, &[u8]) = ("shot.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\xdacx\x04\0\0\x81\0\x80\x8e\xd1\x1c'\0\0\0\0IEND\xaeB`\x82");

/// Which of the three platforms a group is on.
fn place(n: usize) -> usize {
    match n % 10 {
        0..4 => 0,
        4..7 => 1,
        _ => 2,
    }
}

fn row(n: usize, platforms: &[Platform]) -> [String; 6] {
    let owner = n % OWNERS;
    // The last group has nobody who can be reached.
    let contact = if n == ALL - 1 { String::new() } else { format!("139-0000-{owner:04}") };
    let platform = platforms[place(n)].plays.to_owned();
    [
        format!("Group {n}"),
        platform,
        format!("Owner {owner}"),
        contact,
        "important".to_owned(),
        format!("r-{n}"),
    ]
}

fn number(name: &str) -> usize {
    name.rsplit(' ').next().unwrap().parse().unwrap()
}

/// Owners who do nothing until they are reminded.
fn silent(owner: usize) -> bool {
    owner % 6 == 5
}

/// Groups that nobody can end.
fn stuck(n: usize) -> bool {
    n % 25 == 7
}

/// How the groups stand, from the board; each is there exactly once, under one owner or with nobody.
fn standing(board: &Value) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for owner in board["owners"].as_array().unwrap() {
        let tasks = owner["tasks"].as_array().unwrap();
        let mut counted = 0;
        for state in ["open", "overdue", "said", "done", "cant", "later", "over"] {
            let of_state = tasks.iter().filter(|task| task["state"] == state).count();
            assert_eq!(owner[state], of_state, "{}", owner["name"]);
            counted += of_state;
        }
        assert_eq!(counted, tasks.len());
        assert!(
            tasks.iter().all(|task| number(task["name"].as_str().unwrap()) % OWNERS
                == number(owner["name"].as_str().unwrap()))
        );
    }
    let owned =
        board["owners"].as_array().unwrap().iter().flat_map(|owner| owner["tasks"].as_array().unwrap());
    let nobodys = board["nobody"].as_array().unwrap().iter().map(|one| &one["task"]);
    for task in owned.chain(nobodys) {
        assert!(seen.insert(task["group"].as_str().unwrap().to_owned()), "twice: {task}");
        *states.entry(task["state"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(seen.len(), ALL, "nobody is forgotten");
    states
}

fn sum(states: &BTreeMap<String, usize>, of: &[&str]) -> usize {
    of.iter().filter_map(|state| states.get(*state)).sum()
}

/// A look at five hundred groups is no small thing: not all the time.
fn wait(what: &str, test: impl FnMut() -> bool) {
    wait_in_steps(Duration::from_secs(2), what, test);
}

struct Scene {
    office: Office,
    platforms: Vec<Platform>,
    case: String,
}

impl Scene {
    fn board(&self) -> Value {
        self.office.run("", &["task", "ls", &self.case]).1
    }

    /// The owner of a page answers for each group on it.
    fn answer(&self, server: &Serve, link: &str) {
        let page = server.get(link);
        assert_eq!(page.status, 200, "{}", page.body);
        for form in page.body.split("<section").skip(1) {
            let value = |name: &str| {
                let mark = format!("name=\"{name}\" value=\"");
                Some(form.split(&mark).nth(1)?.split('"').next()?.to_owned())
            };
            let (Some(group), Some(step)) = (value("group"), value("step")) else { continue };
            let title = form.split("<bdi>").nth(1).unwrap().split('<').next().unwrap().to_owned();
            let n = number(&title);
            let mut fields = vec![("group", group.as_str()), ("step", step.as_str())];
            let said = if stuck(n) {
                fields.push(("reason", "the phone is lost"));
                server.post(&format!("{link}/cant"), &fields, None)
            } else {
                self.obey(n);
                match place(n) {
                    0 => fields.push(("typed_name", &title)),
                    1 => {}
                    _ => fields.extend([("qr_scanned", "yes"), ("phone_confirmed", "yes")]),
                }
                server.post(&format!("{link}/done"), &fields, Some(SHOT))
            };
            assert_eq!(said.status, 303, "{title}: {}", said.body);
        }
    }

    fn obey(&self, n: usize) {
        let mut simulator = self.platforms[place(n)].simulator.lock().unwrap();
        client_obeys(&mut **simulator, Op::Dissolve, &format!("r-{n}").as_str().into(), now()).unwrap();
    }

    /// Several owners answer at the same time, and somebody looks at the board meanwhile.
    fn answer_all(&self, server: &Serve, links: &[String]) {
        let (next, ended) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..TOGETHER {
                scope.spawn(|| {
                    while let Some(link) = links.get(next.fetch_add(1, Ordering::Relaxed)) {
                        self.answer(server, link);
                        ended.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            wait("everybody has answered", || {
                standing(&self.board());
                ended.load(Ordering::Relaxed) == links.len()
            });
        });
    }
}

#[test]
fn five_hundred_groups_out_of_ledgers_end_and_nobody_is_forgotten() {
    let start = |place: usize, plays, confirm| {
        let groups = (0..ALL).filter(move |n| self::place(*n) == place).map(|n| (n, format!("Group {n}")));
        Platform::start(plays, confirm, groups)
    };
    let platforms =
        vec![start(0, "wechat", "type_name"), start(1, "qq", "none"), start(2, "dingtalk", "qr_phone")];
    let office = Office::new();
    // Deadlines that pass while the test runs.
    office.configure("patience_s = 60\n", "patience_s = 60\nhuman_deadline_s = 2\n");
    office.people();
    for (name, platform) in ["wx", "qq", "dd"].iter().zip(&platforms) {
        office.connect(name, platform);
    }
    let rows: Vec<[String; 6]> = (0..ALL).map(|n| row(n, &platforms)).collect();
    comma_separated(&office.path("a.csv"), &rows[..ALL / 2]);
    spreadsheet(&office.path("b.xlsx"), &rows[ALL / 2..]);
    let mut groups = Vec::new();
    for ledger in ["a.csv", "b.xlsx"] {
        let (code, said) = office.run("asker", &["register", "--ledger", ledger]);
        assert_eq!((code, &said["problems"]), (0, &json!([])), "{said}");
        groups.extend(said["new"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
    }
    assert_eq!(groups.len(), ALL);

    // Links before the first step is anybody's turn.
    let case = office.approved(&groups);
    let scene = Scene { office, platforms, case };
    let (office, case) = (&scene.office, &scene.case);
    assert_eq!(standing(&scene.board()), BTreeMap::from([("later".to_owned(), ALL)]));
    let made = office.run("asker", &["task", "links", case, "--out", "links"]).1;
    let links: BTreeMap<usize, String> = made["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| (number(link["name"].as_str().unwrap()), path_of(link)))
        .collect();
    assert_eq!((links.len(), made["nobody"].as_array().unwrap().len()), (OWNERS, 1));
    let (code, said) = office.run("asker", &["apply", case, "--detach"]);
    assert!(matches!(code, 0 | 6), "{said}");
    let server = Serve::start(office);
    wait("every group waits for its owner", || sum(&standing(&scene.board()), &["open", "overdue"]) == ALL);

    let spoken: Vec<String> =
        links.iter().filter(|(owner, _)| !silent(**owner)).map(|(_, link)| link.clone()).collect();
    scene.answer_all(&server, &spoken);
    let waiting = (0..ALL).filter(|n| silent(n % OWNERS) || *n == ALL - 1).count();
    let cant = |of: &dyn Fn(usize) -> bool| (0..ALL - 1).filter(|n| stuck(*n) && of(*n)).count();
    let answered_cant = cant(&|n| !silent(n % OWNERS));
    wait("what was handed in is read back", || {
        let states = standing(&scene.board());
        assert_eq!(sum(&states, &["open", "overdue"]), waiting, "nobody else moved: {states:?}");
        states.get("done") == Some(&(ALL - waiting - answered_cant))
    });
    wait("the deadlines have passed", || standing(&scene.board()).get("overdue") == Some(&waiting));

    // Those who did not answer are reminded, and nobody else; once.
    let reminded = office.run("asker", &["task", "remind", case, "--out", "links"]).1;
    let reminded: BTreeSet<usize> = reminded["reminded"]
        .as_array()
        .unwrap()
        .iter()
        .map(|owner| number(owner["name"].as_str().unwrap()))
        .collect();
    assert_eq!(reminded, (0..OWNERS).filter(|owner| silent(*owner)).collect());
    let again = office.run("asker", &["task", "remind", case, "--out", "links"]).1;
    assert_eq!(again["reminded"], json!([]));
    let late: Vec<String> = reminded.iter().map(|owner| links[owner].clone()).collect();
    scene.answer_all(&server, &late);

    // The one whom no link reaches is looked after by hand.
    let board = scene.board();
    let left = &board["nobody"][0]["task"];
    assert_eq!(left["name"], format!("Group {}", ALL - 1));
    scene.obey(ALL - 1);
    std::fs::write(office.path(SHOT.0), SHOT.1).unwrap();
    let step = format!("{}/{}", left["group"].as_str().unwrap(), left["step"].as_str().unwrap());
    let factors = ["--factor", "qr_scanned=yes", "--factor", "phone_confirmed=yes"];
    let args = [&["step", "done", case, &step, "--evidence", SHOT.0][..], &factors].concat();
    let (code, said) = office.run("asker", &args);
    assert_eq!(code, 0, "{said}");

    let all_cant = cant(&|_| true);
    wait("the last one is done", || {
        let states = standing(&scene.board());
        (states.get("done"), states.get("cant")) == (Some(&(ALL - all_cant)), Some(&all_cant))
    });
    // Each has the verdict that its group deserves.
    let verdicts = |watched: &Value| -> BTreeMap<String, (bool, String)> {
        let groups = watched["groups"].as_array().unwrap();
        let line = |one: &Value| {
            let verdict = one["verdict"].as_str().unwrap().to_owned();
            (one["name"].as_str().unwrap().to_owned(), (one["final"].as_bool().unwrap(), verdict))
        };
        groups.iter().map(line).collect()
    };
    wait("every group has its verdict", || {
        let seen = verdicts(&office.run("", &["watch", case, "--once"]).1);
        seen.len() == ALL && seen.iter().all(|(name, (ended, _))| *ended || stuck(number(name)))
    });
    for (name, (_, verdict)) in verdicts(&office.run("", &["watch", case, "--once"]).1) {
        assert_eq!(verdict == "gone", !stuck(number(&name)), "{name}: {verdict}");
    }
}
