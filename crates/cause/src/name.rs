//! Names of hosts: to the system, one that nobody knows looks like any other failure, so they are looked up by themselves.

use std::io;

use tokio::net::{TcpStream, ToSocketAddrs, lookup_host};

/// Nobody knows a host of this name.
#[derive(Debug, thiserror::Error)]
#[error("the name was not found: {0}")]
pub(crate) struct NameNotFound(#[source] io::Error);

/// Connects to a host and port.
///
/// # Errors
/// When its name is not known, or none of its addresses takes a connection.
pub async fn connect(address: impl ToSocketAddrs) -> io::Result<TcpStream> {
    let addresses: Vec<_> = match lookup_host(address).await {
        Ok(found) => found.collect(),
        // No address at all, like one without a port.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(error),
        Err(error) => return Err(io::Error::other(NameNotFound(error))),
    };
    TcpStream::connect(&addresses[..]).await
}

/// Names for an HTTP client.
#[cfg(feature = "http")]
#[derive(Copy, Clone, Debug)]
pub struct Names;

#[cfg(feature = "http")]
impl reqwest::dns::Resolve for Names {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            match lookup_host((name.as_str(), 0)).await {
                Ok(addresses) => {
                    Ok(Box::new(addresses.collect::<Vec<_>>().into_iter()) as reqwest::dns::Addrs)
                }
                Err(error) => Err(NameNotFound(error).into()),
            }
        })
    }
}
