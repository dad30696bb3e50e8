//! The console's pages over a drill on a virtual clock: in every state that a case can be in, in both languages, as texts and in a browser.

mod office;
mod shown;
mod sound;
mod states;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn preview() {
    use adjourn_e2e::Browser;
    let mut browser = Browser::start();
    for state in states::STATES {
        if std::env::var("ONLY").is_ok_and(|only| !only.split(',').any(|one| one == state)) {
            continue;
        }
        let mut office = states::office(state).await;
        let address = office.serve().await;
        office.enters(&mut browser, &address, "requester").await;
        let mut paths = vec!["/".to_owned(), "/groups".to_owned(), "/cases".to_owned()];
        if state != "empty" {
            paths.extend([office.case_path(), office.group_path()]);
        }
        if state == "planned" || state == "empty" {
            paths.extend(["/platforms".to_owned(), "/people".to_owned(), "/nowhere".to_owned()]);
        }
        for (lang, width, scheme) in
            [("zh-CN", 1440, "light"), ("en", 360, "light"), ("zh-CN", 360, "dark"), ("en", 1440, "dark")]
        {
            browser.language(lang);
            browser.scheme(scheme);
            browser.resize(width, 900);
            for path in &paths {
                let url = format!("{address}{path}");
                browser.open(&url);
                let name = path.trim_start_matches('/').split('/').next().unwrap();
                browser.shot(&format!("{state}-{name}-{lang}-{width}-{scheme}"));
                if std::env::var_os("CHECK").is_some() {
                    browser.fits();
                    browser.accessible();
                }
            }
        }
        println!("{state}");
    }
}
