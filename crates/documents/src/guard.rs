//! A fence around the library, which bytes of strangers have made fall over.

use std::panic::AssertUnwindSafe;

/// What `act` answers; what it said where it fell over. Known bytes have made the library do so.
pub(crate) fn guarded<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    std::panic::catch_unwind(AssertUnwindSafe(act)).map_err(|fell| {
        let said = fell.downcast_ref::<&str>().map(|text| (*text).to_owned());
        said.or_else(|| fell.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it fell over".to_owned())
    })
}
