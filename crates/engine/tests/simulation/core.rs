//! Each seed stays on one core with all threads of its stores: they hand over to each other at every statement, and a
//! thread that must be woken on another core costs more than the statement.

/// From now on this thread, and every one that it starts, stays on core number `worker` of those that it may use.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "the standard library has no word for cores")]
pub fn stay_on_one(worker: usize) {
    use std::mem::{size_of, zeroed};

    use libc::{CPU_ISSET, CPU_SET, CPU_SETSIZE, cpu_set_t, sched_getaffinity, sched_setaffinity};

    // SAFETY: the sets are plain bits for which zeros are valid, and each call is told their size.
    unsafe {
        let mut allowed: cpu_set_t = zeroed();
        if sched_getaffinity(0, size_of::<cpu_set_t>(), &raw mut allowed) != 0 {
            return;
        }
        let cores: Vec<usize> = (0..CPU_SETSIZE as usize).filter(|core| CPU_ISSET(*core, &allowed)).collect();
        let Some(core) = cores.get(worker % cores.len().max(1)) else { return };
        let mut own: cpu_set_t = zeroed();
        CPU_SET(*core, &mut own);
        // Where that is not allowed it is only slower.
        let _not_allowed = sched_setaffinity(0, size_of::<cpu_set_t>(), &raw const own) != 0;
    }
}

/// Elsewhere the system decides.
#[cfg(not(target_os = "linux"))]
pub fn stay_on_one(_worker: usize) {}
