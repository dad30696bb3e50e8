//! A case over one simulated group with a long history, played to its end: its bundle is what the benchmark verifies.

use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::planning::PlanWish;
use adjourn_domain::approval::Decision;
use adjourn_domain::kinds::KindWish;
use adjourn_domain::plan::ReasonKind;
use adjourn_i18n::Lang;
use adjourn_world::{PastSpec, WorldSpec};

use super::stage::Stage;
use super::{Cast, act};
use crate::out::Out;

/// The platform whose rules hold; its connector is the reference one.
const PLATFORM: &str = "qq";
/// Messages on a page of the simulated platform.
const PAGE: usize = 5_000;

/// Plays it in `dir`, without a word, and gives the bundle's folder.
pub(crate) async fn bundle(dir: &Path, messages: u64) -> Result<PathBuf, AppError> {
    let out = Out { json: true, lang: Lang::En };
    let mut spec = WorldSpec::of(PLATFORM)
        .ok_or_else(|| AppError::new("platform.unknown").with("platform", PLATFORM))?;
    for group in &mut spec.groups {
        group.past =
            Some(PastSpec { records: messages, seed: 1, pace_s: 30, page: PAGE, ..PastSpec::default() });
    }
    let stage = Stage::in_world(dir, PLATFORM, &spec, out)?;
    let cast = Cast::new(&stage.app, out).await?;
    let app = &stage.app;
    for connection in stage.connections() {
        app.add_connection(connection.clone(), &stage.secrets(&connection.id), Some(&cast.admin)).await?;
        app.scan(&connection.id).await?;
    }
    let wish = PlanWish {
        groups: stage.groups()?,
        reason: "bench".to_owned(),
        reason_kind: ReasonKind::ProjectEnded,
        announcement: "bench".to_owned(),
        languages: vec!["en".to_owned()],
        kinds: KindWish::default(),
        case: None,
    };
    let (plan, hash) = app.plan(wish, &cast.requester).await?;
    app.submit(&plan.case, &cast.requester).await?;
    for who in [&cast.business, &cast.compliance] {
        app.review(&plan.case, Decision::Approve, "", Some(hash), who).await?;
    }
    app.apply(&plan.case, &cast.requester).await?;
    Box::pin(act(&stage, &cast, &plan.case, out)).await?;
    let path = app.vault.bundle_path(&plan.case).await?;
    path.map(PathBuf::from).ok_or_else(|| AppError::new("bundle.missing").with("bundle", plan.case))
}
