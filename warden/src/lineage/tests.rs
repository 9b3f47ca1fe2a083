//! Decisions, without processes; the module beneath plays whole worlds.

mod model;

use super::{End, Lineage, Told};

/// A complete listing that finds these, and what of it is to be killed.
fn list(lineage: &mut Lineage<()>, found: &[i32]) -> Vec<i32> {
    lineage.begin_listing();
    let killed = found.iter().copied().filter(|id| lineage.found(*id));
    let killed = killed.collect();
    lineage.end_listing();
    lineage.drained();
    killed
}

fn with_children(children: &[u64]) -> Lineage<()> {
    let mut lineage = Lineage::new();
    for child in children {
        lineage.started(*child, process(*child));
    }
    lineage
}

fn process(child: u64) -> i32 {
    10 * child as i32
}

/// The child ends and is reaped.
fn exit(lineage: &mut Lineage<()>, child: u64) {
    assert_eq!(lineage.reaped(process(child), ()), []);
}

#[test]
fn a_child_that_has_left_nothing_is_told_of_once_and_forgotten() {
    let mut lineage = with_children(&[1]);
    exit(&mut lineage, 1);
    assert_eq!(lineage.settle(), []);
    lineage.alone();
    assert_eq!(lineage.settle(), [Told::Exited(1, (), false)]);
    assert_eq!(lineage.settle(), []);
    assert_eq!(lineage.end(1), End::Left(vec![]));
    assert!(lineage.ending.is_empty());
}

#[test]
fn an_exit_is_told_after_a_listing_that_began_after_it() {
    let mut lineage = with_children(&[1, 2]);
    exit(&mut lineage, 1);
    lineage.begin_listing();
    exit(&mut lineage, 2);
    assert_eq!(lineage.settle(), []);
    lineage.end_listing();
    assert_eq!(lineage.settle(), [Told::Exited(1, (), false)]);
    assert!(lineage.owes_listing());
    assert_eq!(list(&mut lineage, &[]), []);
    assert_eq!(lineage.settle(), [Told::Exited(2, (), false)]);
    assert!(!lineage.owes_listing());
}

#[test]
fn a_leftover_that_ends_by_itself_is_the_last_of_its_child() {
    let mut lineage = with_children(&[1]);
    exit(&mut lineage, 1);
    assert_eq!(list(&mut lineage, &[11]), []);
    assert_eq!(lineage.settle(), [Told::Exited(1, (), true)]);
    lineage.reaped(11, ());
    // It may have left something in its turn.
    assert_eq!(lineage.settle(), []);
    list(&mut lineage, &[]);
    assert_eq!(lineage.settle(), [Told::Gone(1)]);
    assert_eq!(lineage.settle(), []);
}

#[test]
fn what_was_left_is_killed_once_when_its_child_is_ended() {
    let mut lineage = with_children(&[1, 2]);
    exit(&mut lineage, 1);
    list(&mut lineage, &[11, 12]);
    assert_eq!(lineage.end(1), End::Left(vec![11, 12]));
    assert_eq!(lineage.end(1), End::Left(vec![]));
    assert!(!lineage.all_end());
    assert_eq!(lineage.end(2), End::Child(20));
    assert!(lineage.all_end());
}

#[test]
fn a_chain_is_killed_link_by_link_and_is_gone_once() {
    let mut lineage = with_children(&[1, 2]);
    assert_eq!(lineage.end(1), End::Child(10));
    exit(&mut lineage, 1);
    for link in 11..15 {
        assert_eq!(list(&mut lineage, &[link]), [link]);
        let told = lineage.settle();
        let expected = [Told::Exited(1, (), true)];
        assert_eq!(told, if link == 11 { &expected[..] } else { &[] });
        assert_eq!(lineage.reaped(link, ()), []);
    }
    list(&mut lineage, &[]);
    assert_eq!(lineage.settle(), [Told::Gone(1)]);
    assert_eq!(lineage.process(2), Some(20));
}

#[test]
fn what_one_of_two_has_left_belongs_to_both_and_dies_with_either() {
    let mut lineage = with_children(&[1, 2, 3]);
    exit(&mut lineage, 1);
    exit(&mut lineage, 2);
    list(&mut lineage, &[11]);
    let both = [Told::Exited(1, (), true), Told::Exited(2, (), true)];
    assert_eq!(lineage.settle(), both);
    assert_eq!(lineage.end(2), End::Left(vec![11]));
    lineage.reaped(11, ());
    list(&mut lineage, &[]);
    assert_eq!(lineage.settle(), [Told::Gone(1), Told::Gone(2)]);
    assert_eq!(lineage.end(1), End::Left(vec![]));
}

#[test]
fn who_is_reaped_after_a_listing_may_have_left_what_it_found() {
    let mut lineage = with_children(&[1, 2]);
    lineage.end(2);
    exit(&mut lineage, 1);
    lineage.begin_listing();
    assert!(!lineage.found(21));
    lineage.end_listing();
    assert_eq!(lineage.reaped(20, ()), [21]);
    lineage.drained();
    assert_eq!(lineage.left[&21].owners, [1, 2].into());
}

#[test]
fn who_ends_when_all_was_reaped_has_not_left_what_was_there_before() {
    let mut lineage = with_children(&[1, 2]);
    exit(&mut lineage, 1);
    list(&mut lineage, &[11]);
    exit(&mut lineage, 2);
    assert_eq!(lineage.left[&11].owners, [1].into());
}

#[test]
fn a_leftover_that_was_never_listed_passes_on_what_it_has_left() {
    let mut lineage = with_children(&[1, 2]);
    exit(&mut lineage, 1);
    assert_eq!(lineage.reaped(11, ()), []);
    list(&mut lineage, &[12]);
    assert_eq!(lineage.settle(), [Told::Exited(1, (), true)]);
    assert_eq!(lineage.end(1), End::Left(vec![12]));
}

#[test]
fn an_exit_that_nobody_was_told_of_can_be_ended() {
    let mut lineage = with_children(&[1, 2]);
    exit(&mut lineage, 1);
    assert_eq!(lineage.end(1), End::Left(vec![]));
    assert_eq!(list(&mut lineage, &[11]), [11]);
}
