//! What was sent and could not be noted, because the disk or the ledger failed at that moment: it is not left as «on its
//! way» until the next start, but looked at again as soon as the store takes something.

use std::collections::BTreeSet;
use std::sync::Mutex;

use millwright_model::{DeliveryId, DeliveryTarget};

use crate::EngineError;
use crate::engine::Inner;

/// The targets at which something was sent whose end could not be noted.
#[derive(Default)]
pub(crate) struct Unnoted(Mutex<BTreeSet<DeliveryTarget>>);

impl Inner {
    /// The end of a delivery could not be noted.
    pub(crate) fn could_not_note(&self, target: DeliveryTarget) {
        if let Ok(mut targets) = self.unnoted.0.lock() {
            targets.insert(target);
        }
    }

    /// Where ends could not be noted: all that is marked as on its way, other than `in_flight`, has an unknown outcome.
    ///
    /// # Errors
    /// When the store still refuses.
    pub(crate) async fn look_at_unnoted(
        &self,
        target: DeliveryTarget,
        in_flight: &[DeliveryId],
    ) -> Result<(), EngineError> {
        let unnoted = self.unnoted.0.lock().is_ok_and(|targets| targets.contains(&target));
        if !unnoted {
            return Ok(());
        }
        let mut session = self.database.write().await?;
        session.lost_becomes_unknown(target, in_flight, self.now()).await?;
        session.commit().await?;
        if let Ok(mut targets) = self.unnoted.0.lock() {
            targets.remove(&target);
        }
        Ok(())
    }
}
