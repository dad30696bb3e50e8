//! Reading originals: who reads one says so with a key, and it stands in the journal before the first message is handed out.

use std::io::Read;

use adjourn_domain::canonical::hex;
use adjourn_domain::reading::{How, Looked, OriginalRead};

use crate::App;
use crate::error::AppError;
use crate::ports::{Contents, Original, Originals, Signer};

/// Bytes of a mark. As many as tell searches apart, and too few to try words against elsewhere.
const MARK: usize = 8;

impl App {
    /// Opens an original for somebody, and notes it.
    ///
    /// # Errors
    /// `principal.unknown`, `group.unknown`, `archive.unknown`; `key.destroyed` when the group's key was destroyed, also where a copy in clear still lies
    /// there; `archive.sealed_form` for a damaged one. Nothing is noted of what could not be opened.
    pub async fn read_original(
        &self,
        originals: &dyn Originals,
        original: &Original,
        what: Contents,
        how: How,
        query: Option<&str>,
        signer: &dyn Signer,
    ) -> Result<Box<dyn Read + Send>, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        if org.destroyed.contains(&original.group) {
            return Err(AppError::new("key.destroyed").with("group", &original.group));
        }
        let state = self.journal.group(&original.group).await?;
        let looked = query.map(|query| self.looked(query)).transpose()?;
        let read = OriginalRead { by: by.clone(), how, original: original.to_string(), looked };
        let events = state.decide_reading(read)?;
        let opened = originals.open(original, what)?;
        let mut tx = self.journal.begin(self.clock.now(), &by);
        tx.group(state, &events)?;
        tx.commit().await?;
        Ok(opened)
    }

    fn looked(&self, query: &str) -> Result<Looked, AppError> {
        let mac = self.journal.keys.mac(format!("original\0{query}").as_bytes())?;
        let mark = hex(mac.get(..MARK).unwrap_or_default());
        Ok(Looked { mark, characters: query.chars().count() as u64 })
    }
}
