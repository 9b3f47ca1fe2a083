//! Fields to bytes and back.

use super::Malformed;

/// A thing that goes into a message.
pub(super) trait Field: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn take(input: &mut &[u8]) -> Result<Self, Malformed>;
}

fn cut<'a>(input: &mut &'a [u8], count: usize) -> Result<&'a [u8], Malformed> {
    let (head, tail) = input.split_at_checked(count).ok_or(Malformed)?;
    *input = tail;
    Ok(head)
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Field for $number {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_ne_bytes());
            }

            fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
                let bytes = cut(input, size_of::<Self>())?;
                Ok(Self::from_ne_bytes(bytes.try_into().map_err(|_| Malformed)?))
            }
        }
    )*};
}

numbers!(u16 u32 i32 u64 i128);

impl Field for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push((*self).into());
    }

    fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
        match cut(input, 1)? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(Malformed),
        }
    }
}

fn put_length(length: usize, out: &mut Vec<u8>) {
    (length as u64).put(out);
}

/// A length, which is no more than what is left: every item takes a byte at least.
fn take_length(input: &mut &[u8]) -> Result<usize, Malformed> {
    let length = usize::try_from(u64::take(input)?).map_err(|_| Malformed)?;
    if length <= input.len() {
        Ok(length)
    } else {
        Err(Malformed)
    }
}

impl Field for Vec<u8> {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        out.extend_from_slice(self);
    }

    fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
        let length = take_length(input)?;
        Ok(cut(input, length)?.to_vec())
    }
}

/// Bytes are written whole, so a list of them is no list of fields.
pub(super) trait Item: Field {}

impl<T: Item> Field for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        self.iter().for_each(|item| item.put(out));
    }

    fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
        let length = take_length(input)?;
        (0..length).map(|_| T::take(input)).collect()
    }
}

impl Item for Vec<u8> {}
impl Item for u16 {}
impl Item for i32 {}
impl<A: Field, B: Field> Item for (A, B) {}

impl<A: Field, B: Field> Field for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
        Ok((A::take(input)?, B::take(input)?))
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, Malformed> {
        Ok(if bool::take(input)? {
            Some(T::take(input)?)
        } else {
            None
        })
    }
}

/// The letter that a case begins with.
pub(super) fn letter(input: &mut &[u8]) -> Result<u8, Malformed> {
    Ok(cut(input, 1)?[0])
}
