//! Decisions, without processes; the module beneath plays whole worlds.

mod model;

use super::{Lineage, Told};

/// A complete listing that finds these processes of these children, and what of it is to be killed.
fn list(lineage: &mut Lineage<()>, found: &[(i32, u64)]) -> (Vec<i32>, Vec<Told<()>>) {
    lineage.begin_listing();
    let killed = found.iter().filter(|(id, of)| lineage.found(*id, *of));
    let killed = killed.map(|(id, _)| *id).collect();
    (killed, lineage.end_listing())
}

fn with_children(children: &[u64]) -> Lineage<()> {
    let mut lineage = Lineage::new();
    for child in children {
        lineage.started(*child, 10 * *child as i32);
    }
    lineage
}

/// The child ends and is reaped.
fn exit(lineage: &mut Lineage<()>, child: u64) {
    lineage.reaped(10 * child as i32, None, ());
}

#[test]
fn a_child_that_has_left_nothing_is_told_of_once_and_forgotten() {
    let mut lineage = with_children(&[1]);
    exit(&mut lineage, 1);
    assert_eq!(lineage.alone(), [Told::Exited(1, (), false)]);
    assert_eq!(lineage.alone(), []);
    assert!(!lineage.end(1));
    assert!(!lineage.owes_listing());
}

#[test]
fn an_exit_is_told_after_a_listing_that_began_after_it() {
    let mut lineage = with_children(&[1, 2]);
    exit(&mut lineage, 1);
    lineage.begin_listing();
    exit(&mut lineage, 2);
    assert_eq!(lineage.end_listing(), [Told::Exited(1, (), false)]);
    assert!(lineage.owes_listing());
    let told = vec![Told::Exited(2, (), false)];
    assert_eq!(list(&mut lineage, &[]), (vec![], told));
    assert!(!lineage.owes_listing());
}

#[test]
fn a_leftover_that_is_reaped_while_it_is_listed_is_looked_for_again() {
    let mut lineage = with_children(&[1]);
    exit(&mut lineage, 1);
    lineage.begin_listing();
    assert!(!lineage.found(11, 1));
    lineage.reaped(11, Some(1), ());
    assert_eq!(lineage.end_listing(), [Told::Exited(1, (), true)]);
    assert!(lineage.owes_listing());
    assert_eq!(list(&mut lineage, &[]).1, [Told::Gone(1)]);
}

#[test]
fn a_leftover_that_ends_by_itself_is_the_last_of_its_child() {
    let mut lineage = with_children(&[1]);
    exit(&mut lineage, 1);
    let left = vec![Told::Exited(1, (), true)];
    assert_eq!(list(&mut lineage, &[(11, 1)]), (vec![], left));
    assert!(!lineage.owes_listing());
    lineage.reaped(11, None, ());
    assert!(lineage.owes_listing());
    assert_eq!(list(&mut lineage, &[]).1, [Told::Gone(1)]);
    assert_eq!(list(&mut lineage, &[]).1, []);
}

#[test]
fn an_ended_child_is_listed_until_nothing_new_is_found_and_is_gone_once() {
    let mut lineage = with_children(&[1, 2]);
    assert!(lineage.end(1));
    let others = (21, 2);
    assert_eq!(list(&mut lineage, &[(10, 1), (11, 1), others]).0, [10, 11]);
    assert!(lineage.owes_listing());
    exit(&mut lineage, 1);
    let left = vec![Told::Exited(1, (), true)];
    assert_eq!(list(&mut lineage, &[(12, 1), others]), (vec![12], left));
    assert!(lineage.owes_listing());
    assert_eq!(list(&mut lineage, &[(12, 1), others]), (vec![12], vec![]));
    // It is about to end, and we are told of that.
    assert!(!lineage.owes_listing());
    lineage.reaped(12, None, ());
    assert_eq!(list(&mut lineage, &[others]).1, [Told::Gone(1)]);
    assert!(!lineage.end(1));
    assert_eq!(lineage.process(2), Some(20));
}

#[test]
fn what_is_reaped_during_a_listing_may_have_left_something() {
    let mut lineage = with_children(&[1, 2]);
    exit(&mut lineage, 1);
    list(&mut lineage, &[(11, 1)]);
    lineage.reaped(99, None, ());
    lineage.begin_listing();
    lineage.reaped(11, Some(1), ());
    assert_eq!(lineage.end_listing(), []);
    assert_eq!(list(&mut lineage, &[]).1, [Told::Gone(1)]);
}

#[test]
fn children_that_end_together_are_told_apart() {
    let mut lineage = with_children(&[1, 2]);
    exit(&mut lineage, 2);
    exit(&mut lineage, 1);
    assert!(lineage.end(1));
    let told = vec![Told::Exited(2, (), true), Told::Exited(1, (), false)];
    assert_eq!(list(&mut lineage, &[(21, 2)]), (vec![], told));
    assert!(!lineage.end(1));
    assert!(lineage.end(2));
    assert_eq!(list(&mut lineage, &[(21, 2)]).0, [21]);
}

#[test]
fn all_is_to_end_only_where_each_child_is() {
    let mut lineage = with_children(&[1, 2]);
    lineage.end(1);
    assert!(!lineage.all_end());
    exit(&mut lineage, 2);
    assert!(!lineage.all_end());
    list(&mut lineage, &[(21, 2)]);
    assert!(!lineage.all_end());
    lineage.end(2);
    assert!(lineage.all_end());
}
