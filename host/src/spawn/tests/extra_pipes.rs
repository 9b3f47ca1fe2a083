//! Pipes beyond the three standard streams, with a launcher that keeps the child's ends.

use super::launchers::Keeper;
use super::*;
use crate::limits::DESCRIPTORS;
use offspring_policy::ExtraPipe;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;

fn kept(policy: PolicyBuilder) -> (ProcessCtx, Keeper) {
    let (mut ctx, keeper) = (context(policy), Keeper::default());
    ctx.launcher = Arc::new(keeper.clone());
    (ctx, keeper)
}

fn with_pipes(ctx: &ProcessCtx, pipes: &[(u32, bool)]) -> Command {
    let mut command = command(ctx, "cat", &[]);
    for &(fd, from_child) in pipes {
        command.extra_pipe(ExtraPipe { fd, from_child });
    }
    command
}

/// The child's ends, in the order in which the guest asked for them.
fn ends<const N: usize>(keeper: &Keeper) -> [(u32, OwnedFd); N] {
    keeper
        .last()
        .extra
        .try_into()
        .expect("as many as were asked for")
}

#[tokio::test]
async fn extra_pipes_carry_bytes_both_ways_and_are_given_out_once() {
    let (ctx, keeper) = kept(policy());
    let mut child = run(&ctx, with_pipes(&ctx, &[(7, true), (3, false)]))
        .await
        .unwrap();
    let [(seven, from_child), (three, to_child)] = ends(&keeper);
    assert_eq!((seven, three), (7, 3));

    assert!(child.take_pipe_reader(3).is_none(), "it goes the other way");
    assert!(child.take_pipe_writer(7).is_none(), "it goes the other way");
    assert!(child.take_pipe_reader(4).is_none(), "there is none");
    let mut reader = child.take_pipe_reader(7).expect("nobody took it");
    let writer = child.take_pipe_writer(3).expect("nobody took it");
    assert!(child.take_pipe_reader(7).is_none() && child.take_pipe_writer(3).is_none());

    File::from(from_child).write_all(b"from the child").unwrap();
    assert_eq!(read(&mut reader, LARGE).await, b"from the child");
    writer.write_all(b"to the child").await.unwrap();
    drop(writer);
    let mut heard = String::new();
    File::from(to_child).read_to_string(&mut heard).unwrap();
    assert_eq!(heard, "to the child");
}

#[tokio::test]
async fn extra_pipes_count_towards_the_output_limit() {
    let (ctx, keeper) = kept(policy().output(5));
    let mut child = run(&ctx, with_pipes(&ctx, &[(3, true)])).await.unwrap();
    let [(_, end)] = ends(&keeper);
    File::from(end).write_all(b"more than five").unwrap();
    let mut reader = child.take_pipe_reader(3).unwrap();
    assert_eq!(read(&mut reader, LARGE).await, b"more ");
    let cut = (KILLED, Some(EndCause::OutputLimit));
    assert_eq!(exit(&child).await, cut);
}

#[tokio::test]
async fn communicate_leaves_extra_pipes_to_the_guest() {
    let (ctx, keeper) = kept(policy());
    let mut child = run(&ctx, with_pipes(&ctx, &[(3, true)])).await.unwrap();
    let [(_, end)] = ends(&keeper);
    let _communicating = child.communicate(None, u64::MAX);
    let mut reader = child.take_pipe_reader(3).expect("nobody took it");
    File::from(end).write_all(b"still here").unwrap();
    assert_eq!(read(&mut reader, LARGE).await, b"still here");
}

#[tokio::test]
async fn extra_pipes_count_as_descriptors_of_the_guest() {
    let (ctx, keeper) = kept(policy());
    // One tells of the exit.
    let taken = ctx.descriptors.take(DESCRIPTORS - 2).unwrap();
    let two = [(3, true), (4, false)];
    let refused = run(&ctx, with_pipes(&ctx, &two)).await.err();
    assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::Descriptors)));
    let child = run(&ctx, with_pipes(&ctx, &two[..1])).await.unwrap();
    assert!(ctx.descriptors.take(1).is_none());
    drop((child, taken));
    while ctx.descriptors.take(DESCRIPTORS).is_none() {
        tokio::task::yield_now().await;
    }
    drop(keeper);
}

#[tokio::test]
async fn the_pipes_of_a_dropped_child_are_closed() {
    let (ctx, keeper) = kept(policy());
    let child = run(&ctx, with_pipes(&ctx, &[(3, false)])).await.unwrap();
    let [(_, end)] = ends(&keeper);
    drop(child);
    assert_eq!(File::from(end).read(&mut [0]).unwrap(), 0);
}

#[tokio::test]
async fn the_direct_launcher_has_none() {
    let ctx = context(policy());
    let refused = run(&ctx, with_pipes(&ctx, &[(3, true)])).await.err();
    assert_eq!(refused, Some(ErrorCode::Unsupported(Part::ExtraPipe)));
    assert!(ctx.descriptors.take(DESCRIPTORS).is_some());
}
