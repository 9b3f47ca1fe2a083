//! The pipes of a connection.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;

use futures::future::{AbortRegistration, Abortable, Either, select};

use super::{Protocol, Transport};
use crate::backend::{Backend, CHUNK};
use crate::io::{PipeReader, PipeWriter};
use crate::{Error, Result};

/// How much may wait to be written before the protocol is told to pause. It is
/// asyncio's default.
const HIGH_WATER: usize = 64 * 1024;

/// A descriptor of the child, and the means of the transport to close it.
pub(super) struct Port {
    pub(super) fd: u32,
    pub(super) registration: AbortRegistration,
}

/// Hand what the child writes to the protocol.
pub(super) async fn read<B: Backend, P: Protocol>(
    reader: Option<PipeReader<B>>,
    port: Option<Port>,
    protocol: &RefCell<P>,
) {
    let (Some(mut reader), Some(port)) = (reader, port) else {
        return;
    };
    let fd = port.fd;
    let all = async {
        let mut data = Vec::with_capacity(CHUNK);
        while reader.read_buf(&mut data).await? > 0 {
            protocol.borrow_mut().pipe_data_received(fd, &data);
            data.clear();
        }
        drop(reader);
        Ok(())
    };
    until_closed(all, port, protocol).await;
}

/// Write what the transport is given.
pub(super) async fn write<B: Backend, P: Protocol>(
    writer: Option<PipeWriter<B>>,
    port: Option<Port>,
    transport: &Transport,
    protocol: &RefCell<P>,
) {
    let (Some(mut writer), Some(port)) = (writer, port) else {
        return;
    };
    let all = async {
        let mut spare = Vec::new();
        loop {
            let next = poll_fn(|cx| transport.poll_outbox(cx, &mut spare));
            let data = match select(pin!(next), pin!(writer.closed())).await {
                Either::Left((Some(data), _)) => data,
                Either::Left((None, _)) => break,
                // The child has closed its end. That is no error while nothing
                // is left to write.
                Either::Right((closed, _)) => {
                    closed?;
                    return if transport.discard() {
                        Err(Error::BrokenPipe)
                    } else {
                        Ok(())
                    };
                }
            };
            let much = data.len() > HIGH_WATER;
            if much {
                protocol.borrow_mut().pause_writing();
            }
            spare = writer.write_vec(data).await?;
            if much {
                protocol.borrow_mut().resume_writing();
            }
        }
        writer.close().await
    };
    until_closed(all, port, protocol).await;
    transport.discard();
}

/// Work until done or until the transport closes the pipe, and tell the protocol
/// that it is lost.
async fn until_closed<P: Protocol>(
    work: impl Future<Output = Result<()>>,
    port: Port,
    protocol: &RefCell<P>,
) {
    let result = Abortable::new(work, port.registration).await;
    let error = result.ok().and_then(Result::err);
    protocol.borrow_mut().pipe_connection_lost(port.fd, error);
}
