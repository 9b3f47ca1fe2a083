//! What host and warden say to each other. Each must withstand whatever the other sends.

#![no_main]

mod allocated;
mod messages;
#[path = "../../../warden/src/wire.rs"]
mod wire;

use allocated::peak;
use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use std::fmt::Debug;
use wire::{Malformed, Reply, Request};

/// How much memory a byte of a message may cost. The worst is an empty text, of which 8 bytes become
/// a `Vec` of 24 in a list that is up to three times as large while it grows.
const COST: usize = 16;

trait Message: Clone + Debug + PartialEq + Sized {
    fn encode(&self) -> Vec<u8>;
    fn decode(bytes: &[u8]) -> Result<Self, Malformed>;
}

macro_rules! message {
    ($name:ident) => {
        impl Message for $name {
            fn encode(&self) -> Vec<u8> {
                $name::encode(self)
            }

            fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
                $name::decode(bytes)
            }
        }
    };
}

message!(Request);
message!(Reply);

fuzz_target!(|data: &[u8]| {
    assert!(wire::IN_FILE.len() < wire::PACKET_BYTES);
    assert_eq!(Request::decode(wire::IN_FILE), Err(Malformed));
    assert_eq!(Reply::decode(wire::IN_FILE), Err(Malformed));
    bytes::<Request>(data);
    bytes::<Reply>(data);
    structured::<Request>(data);
    structured::<Reply>(data);
});

/// Bytes are a message or none, at no great cost, and each message has one form.
fn bytes<M: Message>(data: &[u8]) {
    let (decoded, memory) = peak(|| M::decode(data));
    assert!(
        memory <= COST * data.len() + 1024,
        "{memory} bytes of memory for {} of a message",
        data.len()
    );
    if let Ok(message) = decoded {
        assert_eq!(message.encode(), data);
    }
}

/// A message comes back as it was; a part of it, or one with more behind it, is none.
fn structured<'a, M: Message + Arbitrary<'a>>(data: &'a [u8]) {
    let mut input = Unstructured::new(data);
    let Ok(message) = M::arbitrary(&mut input) else {
        return;
    };
    let mut bytes = message.encode();
    assert_eq!(M::decode(&bytes).as_ref(), Ok(&message));
    let cut = input.choose_index(bytes.len()).unwrap_or(0);
    assert_eq!(M::decode(&bytes[..cut]), Err(Malformed));
    bytes.push(0);
    assert_eq!(M::decode(&bytes), Err(Malformed));
    bytes.pop();
    // A length that is a lie, where there is one at that place.
    let left = bytes.len().saturating_sub(cut + 8);
    if let Some(length) = bytes.get_mut(cut..cut + 8) {
        length.copy_from_slice(&(left as u64).to_ne_bytes());
        self::bytes::<M>(&bytes);
    }
}
