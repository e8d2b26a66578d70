//! The cable between one tablet and its node: it can be cut for that tablet alone, and mended.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A cable to the node, as an address of its own.
pub struct Cable {
    pub address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_cut: bool,
    /// Both ends of whatever runs over it.
    ends: Vec<TcpStream>,
}

impl Cable {
    /// A cable that leads to `node`.
    pub fn to(node: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new(State::default()));
        let (kept, node) = (state.clone(), node.to_owned());
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(&node) else { continue };
                let mut state = kept.lock().unwrap();
                if state.is_cut {
                    continue;
                }
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || {
                        // However it ends, the other direction ends with it.
                        let _bytes = std::io::copy(&mut from, &mut to).is_ok();
                        let _ended = to.shutdown(Shutdown::Both).is_ok();
                    });
                }
                state.ends.extend([near, far]);
            }
        });
        Self { address, state }
    }

    /// From now on nothing passes.
    pub fn cut(&self) {
        let mut state = self.state.lock().unwrap();
        state.is_cut = true;
        for end in state.ends.drain(..) {
            let _was_open = end.shutdown(Shutdown::Both).is_ok();
        }
    }

    /// From now on everything passes.
    pub fn mend(&self) {
        self.state.lock().unwrap().is_cut = false;
    }
}
