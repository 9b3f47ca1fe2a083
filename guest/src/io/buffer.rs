//! Bytes that were read but not consumed.

use memchr::memchr;

use crate::backend::CHUNK;

/// What a search for a delimiter found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The delimiter is the last of this many bytes.
    At(usize),
    /// It is not there, and there is room for more.
    NotYet,
    /// It is not within the limit.
    TooFar,
}

/// A queue of bytes that is read into at its end without copying.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    data: Vec<u8>,
    start: usize,
    /// How many of the unconsumed bytes were searched in vain.
    searched: usize,
}

impl Buffer {
    /// The bytes that were not consumed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.data[self.start..]
    }

    /// Forget the first bytes.
    pub(crate) fn consume(&mut self, count: usize) {
        self.start += count;
        self.searched = 0;
        if self.start == self.data.len() {
            self.data.clear();
            self.start = 0;
        }
    }

    /// Where more is read into: a vector with room after what it holds.
    pub(crate) fn room(&mut self) -> &mut Vec<u8> {
        if self.start > 0 {
            self.data.drain(..self.start);
            self.start = 0;
        }
        self.data.reserve(CHUNK);
        &mut self.data
    }

    /// Look for a delimiter among the first `limit` bytes.
    pub(crate) fn find(&mut self, delimiter: u8, limit: usize) -> Found {
        match memchr(delimiter, &self.bytes()[self.searched..]) {
            Some(at) if self.searched + at < limit => Found::At(self.searched + at + 1),
            None if self.bytes().len() < limit => {
                self.searched = self.bytes().len();
                Found::NotYet
            }
            Some(_) | None => Found::TooFar,
        }
    }

    /// Search from the start again, for another delimiter.
    pub(crate) fn search_again(&mut self) {
        self.searched = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(bytes: &[u8]) -> Buffer {
        let mut buffer = Buffer::default();
        buffer.room().extend_from_slice(bytes);
        buffer
    }

    #[test]
    fn a_delimiter_beyond_the_limit_is_too_far() {
        let mut buffer = holding(b"abc\n");
        assert_eq!(buffer.find(b'\n', 3), Found::TooFar);
        assert_eq!(buffer.find(b'\n', 4), Found::At(4));
    }

    #[test]
    fn a_full_buffer_without_a_delimiter_is_too_far() {
        assert_eq!(holding(b"abc").find(b'\n', 3), Found::TooFar);
        assert_eq!(holding(b"abc").find(b'\n', 4), Found::NotYet);
    }

    #[test]
    fn what_was_searched_is_not_searched_twice_but_counts() {
        let mut buffer = holding(b"abc");
        assert_eq!(buffer.find(b'\n', 9), Found::NotYet);
        buffer.room().extend_from_slice(b"d\nx");
        assert_eq!(buffer.find(b'\n', 9), Found::At(5));
        buffer.consume(5);
        assert_eq!(buffer.bytes(), b"x");
    }

    #[test]
    fn consumed_bytes_make_room() {
        let mut buffer = holding(b"abc");
        buffer.consume(2);
        buffer.room().push(b'd');
        assert_eq!(buffer.bytes(), b"cd");
    }
}
