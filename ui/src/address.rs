//! Where an address leads, as far as a form must know before the engine judges it.

/// Whether a host is this machine itself.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether an address leads to another machine without encryption.
pub(crate) fn leaves_unencrypted(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    !host.is_empty() && !is_this_machine(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_machine_without_encryption_is_asked_about() {
        for address in ["http://erp.example:8000/plant", "http://user@10.0.0.7/x", "http://[2001:db8::1]:80/"]
        {
            assert!(leaves_unencrypted(address), "{address}");
        }
        for address in
            ["https://erp.example", "http://localhost:8000/x", "http://127.0.0.1", "http://[::1]:80", ""]
        {
            assert!(!leaves_unencrypted(address), "{address}");
        }
    }
}
