//! Each page again and again, one request at a time: what it costs, and how long whoever asks waits.

use std::time::{Duration, Instant};

use adjourn_app::AppError;
use adjourn_app::register::View;
use serde::Serialize;
use serde_json::Value;

use super::client::{Answer, Client};
use super::figures::{Spread, round};
use super::seed::{Seeded, spread};
use super::served::Served;

/// What one page takes.
#[derive(Serialize)]
pub(super) struct PageFigures {
    page: String,
    /// Until the answer is there, in milliseconds.
    wall_ms: Spread,
    /// Processor time of `serve`, in milliseconds.
    cpu_ms: Spread,
    /// The first request of all, which may read what is kept from then on.
    first_ms: f64,
    /// Size of the last answer.
    bytes: usize,
}

impl PageFigures {
    pub(super) fn p99_ms(&self) -> f64 {
        self.wall_ms.p99
    }
}

/// Measures all pages. Gives `serve`'s memory after the first one, too.
pub(super) async fn measure(
    served: &Served,
    cookie: &str,
    seeded: &Seeded,
    requests: usize,
) -> Result<(f64, Vec<PageFigures>), AppError> {
    let mut client = Client::new(&served.address, cookie);
    let mut figures = Vec::new();
    let mut first_page = 0.0;
    for (name, path) in paths(seeded) {
        let page = one(served, &mut client, &name, requests, path.as_ref()).await?;
        if figures.is_empty() {
            first_page = served.process.rss_mib();
        }
        figures.push(page);
    }
    figures.push(cursor(served, &mut client, seeded, requests).await?);
    Ok((first_page, figures))
}

type Path<'a> = Box<dyn Fn(usize) -> String + Send + Sync + 'a>;

/// The pages, with the path of each request.
pub(super) fn paths(seeded: &Seeded) -> Vec<(String, Path<'_>)> {
    fn path<'a>(make: impl Fn(usize) -> String + Send + Sync + 'a) -> Path<'a> {
        Box::new(make)
    }
    let pages = seeded.groups.len() / 100;
    let mut all = vec![("groups".to_owned(), path(|_| "/groups".to_owned()))];
    all.extend(View::ALL.into_iter().map(|view| {
        (format!("groups, view {}", view.slug()), path(move |_| format!("/groups?view={}", view.slug())))
    }));
    all.extend([
        // One group, by a part of its id; some, by an owner; very many, by what names have in common.
        ("groups, search for one".to_owned(), path(|n| format!("/groups?q=chat-{:06}", seeded.pick(n)))),
        ("groups, search for some".to_owned(), path(|n| format!("/groups?q=wxid_{:04}", n % 1000))),
        ("groups, search for many".to_owned(), path(|_| "/groups?q=chat".to_owned())),
        (
            "groups, a page in the middle".to_owned(),
            path(move |n| format!("/groups?page={}", pages / 2 + n % 7)),
        ),
        ("group".to_owned(), path(|n| format!("/group/{}", seeded.id(n)))),
        ("register".to_owned(), path(|_| "/register".to_owned())),
        ("register, view expiring".to_owned(), path(|_| "/register?view=expiring".to_owned())),
        ("today".to_owned(), path(|_| "/".to_owned())),
        ("cases".to_owned(), path(|_| "/cases".to_owned())),
        ("case".to_owned(), path(|n| format!("/case/{}", seeded.case(n)))),
        ("holds".to_owned(), path(|_| "/evidence/holds".to_owned())),
    ]);
    all
}

async fn one(
    served: &Served,
    client: &mut Client,
    name: &str,
    requests: usize,
    path: impl Fn(usize) -> String,
) -> Result<PageFigures, AppError> {
    let mut timed = Timed::default();
    for n in 0..=requests {
        timed.ask(served, client, &path(spread(n))).await?;
    }
    Ok(timed.figures(name))
}

/// The API's list, page after page from its beginning, and over again.
async fn cursor(
    served: &Served,
    client: &mut Client,
    seeded: &Seeded,
    requests: usize,
) -> Result<PageFigures, AppError> {
    let mut timed = Timed::default();
    // Beyond the middle of the inventory, or as far as there are requests.
    let mut after: Option<String> = None;
    for _ in 0..=requests.min(seeded.groups.len() / 100 + 1) {
        let cursor = after.take().map(|after| format!("&after={after}")).unwrap_or_default();
        let answer = timed.ask(served, client, &format!("/api/v1/groups?limit=100{cursor}")).await?;
        let said: Value = serde_json::from_slice(&answer.body)?;
        after = said.get("next").and_then(Value::as_str).map(str::to_owned);
    }
    Ok(timed.figures("API: groups by cursor"))
}

/// Times of the requests for one page.
#[derive(Default)]
struct Timed {
    walls: Vec<Duration>,
    cpus: Vec<Duration>,
    bytes: usize,
}

impl Timed {
    async fn ask(&mut self, served: &Served, client: &mut Client, path: &str) -> Result<Answer, AppError> {
        let (cpu, begun) = (served.process.cpu(), Instant::now());
        let answer = client.get(path).await?;
        self.walls.push(begun.elapsed());
        self.cpus.push(served.process.cpu().saturating_sub(cpu));
        if answer.status != 200 {
            let says = format!("{path}: {}", answer.status);
            return Err(AppError::new("internal").with("says", says));
        }
        self.bytes = answer.body.len();
        Ok(answer)
    }

    fn figures(&self, name: &str) -> PageFigures {
        // The first one is told apart.
        let rest = |times: &[Duration]| Spread::of(times.get(1..).unwrap_or_default());
        PageFigures {
            page: name.to_owned(),
            wall_ms: rest(&self.walls),
            cpu_ms: rest(&self.cpus),
            first_ms: round(self.walls.first().map_or(0.0, |time| time.as_secs_f64() * 1e3)),
            bytes: self.bytes,
        }
    }
}
