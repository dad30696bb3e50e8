//! Scenarios of a demanding user's first day, walked in a browser over a drill on a virtual clock.
//!
//! People press what they see: half of the way on a desk in Chinese, half on a phone in English. Where a scenario has come to what it is about,
//! the page is looked at in each sight: it says what it has to say, fits its window, and is pictured where `ADJOURN_SHOTS` names a folder
//! (then in both languages at both widths).

use adjourn_app::ports::Points;
use adjourn_domain::run::StepState;
use adjourn_e2e::Browser;

use super::super::*;
use super::office::{Office, PASSWORD};

mod ends;
mod lies;
mod review;

/// A way to look: language, and width in pixels.
type Sight = (Lang, u32);

const DESK: Sight = (Lang::ZhCn, 1440);
const PHONE: Sight = (Lang::En, 360);
const ALL: [Sight; 4] = [DESK, PHONE, (Lang::En, 1440), (Lang::ZhCn, 360)];

/// A scenario on its way.
struct Walk {
    browser: Browser,
    office: Office,
    site: String,
    name: &'static str,
    lang: Lang,
}

impl Walk {
    async fn begin(name: &'static str, office: Office) -> Self {
        let site = office.serve().await;
        let mut walk = Self { browser: Browser::start(), office, site, name, lang: Lang::En };
        walk.sight(DESK);
        walk
    }

    /// Goes on over another office, in the same browser.
    async fn over(self, office: Office) -> Self {
        let site = office.serve().await;
        Self { office, site, ..self }
    }

    /// Looks in another way from now on.
    fn sight(&mut self, (lang, width): Sight) {
        self.lang = lang;
        self.browser.language(lang.tag());
        self.browser.resize(width, 900);
    }

    /// Somebody sits down before a page, in a sight of theirs.
    async fn sits(&mut self, who: &'static str, sight: Sight, path: &str) {
        self.sight(sight);
        self.office.enters(&mut self.browser, &self.site, who).await;
        self.goes(path);
    }

    fn goes(&mut self, path: &str) {
        self.browser.open(&format!("{}{path}", self.site));
    }

    /// Demands that the page says in both languages what it has to, and looks as it should.
    fn sees(&mut self, step: &str, says: &[&dyn Fn(Lang) -> String]) {
        let url = self.browser.url();
        let pictured = std::env::var_os("ADJOURN_SHOTS").is_some();
        for (lang, width) in if pictured { &ALL[..] } else { &ALL[..2] } {
            self.sight((*lang, *width));
            self.browser.open(&url);
            for text in says {
                self.browser.shows(&text(*lang));
            }
            self.browser.fits();
            let about = says.first().map(|text| text(*lang)).unwrap_or_default();
            self.browser.shot_of(&format!("{}-{step}-{}-{width}", self.name, lang.tag()), &about);
        }
    }

    fn press(&mut self, text: impl Fn(Lang) -> String) {
        let text = text(self.lang);
        self.browser.click(&text);
    }

    fn fill(&mut self, label: impl Fn(Lang) -> String, value: &str) {
        let label = label(self.lang);
        self.browser.fill(&label, value);
    }

    /// Types the short code that stands beside what can't be taken back.
    fn types_the_code(&mut self) {
        let (text, before) = (self.browser.text(), msg::typed_code(self.lang));
        let code = text.split(&before).nth(1).unwrap().trim_start().get(..5).unwrap().to_owned();
        self.fill(msg::typed_here, &code);
    }

    /// Says on the page that what was asked for is done, with a picture.
    fn hands_in(&mut self) {
        let file = self.office.play.dir.path().join("shot.txt");
        std::fs::write(&file, "simulated").unwrap();
        self.browser.upload(&msg::task_files(self.lang), &file);
        self.press(msg::task_done);
    }

    /// A reviewer reads the case and approves it.
    async fn approves(&mut self, who: &'static str, sight: Sight) {
        self.sits(who, sight, "/").await;
        self.press(msg::console_to_review);
        self.fill(msg::console_password_again_why, PASSWORD);
        self.press(msg::console_approve);
    }
}

/// Somebody is asked to do the current step.
fn asks_somebody(state: &GroupState) -> bool {
    let run = state.run.as_ref().unwrap();
    run.current().is_some_and(|at| run.steps[at].state == StepState::Person)
}

/// Something happens at a point of the product's way.
struct At<F>(&'static str, F);

impl<F: Fn() + Send + Sync> Points for At<F> {
    fn hit(&self, point: &str) {
        if point == self.0 {
            (self.1)();
        }
    }
}

/// A word of the vocabulary, as pages say it.
fn word(family: &'static str, slug: &'static str) -> impl Fn(Lang) -> String {
    move |lang| wording::Say::new(lang).word(family, slug)
}
