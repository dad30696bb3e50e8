//! The simulator.
use adjourn_connector_kit::simulator::Seeded;
pub(crate) fn seeded() -> Seeded {
    Seeded {
        simulator: Box::new(Nothing),
        settings: Default::default(),
        secrets: Default::default(),
        witness_secrets: Default::default(),
        wrong_secrets: Default::default(),
        expired_secrets: Default::default(),
        powerless_secrets: Default::default(),
        busy: "".into(),
        quiet: "".into(),
        groups: 0,
        records: 0,
        person: None,
    }
}
struct Nothing;
impl adjourn_connector_kit::simulator::Simulator for Nothing {
    fn handle(
        &mut self,
        _: adjourn_domain::time::Time,
        _: adjourn_connector_kit::simulator::Input,
    ) -> Vec<adjourn_connector_kit::simulator::Output> {
        Vec::new()
    }
    fn effects(
        &self,
    ) -> std::collections::BTreeMap<(adjourn_domain::capability::Op, adjourn_domain::ids::NativeId), u32>
    {
        Default::default()
    }
}
