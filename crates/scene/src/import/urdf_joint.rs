//! The joints of a URDF: they make a tree of its links, and move them.

use std::collections::{HashMap, HashSet};

use glam::Vec3;
use roxmltree::Node;

use super::limits::{Limits, within};
use super::urdf::{attribute, elements, place, required, vector};
use super::{ImportFault, Note};
use crate::model::{DEPTH_MAX, Joint, JointKind, JointLimits, PartId};

/// The links of a robot, parents before children.
pub(super) struct Tree<'a, 'input> {
    pub(super) order: Vec<Link<'a, 'input>>,
    pub(super) notes: Vec<Note>,
}

pub(super) struct Link<'a, 'input> {
    pub(super) name: &'a str,
    pub(super) node: Node<'a, 'input>,
    /// The part of the link above.
    pub(super) parent: Option<PartId>,
    /// The joint to it.
    pub(super) joint: Option<Node<'a, 'input>>,
    /// The part that it becomes.
    part: PartId,
}

/// For each link the joints to those below, and their names.
type Below<'a, 'input> = HashMap<&'a str, Vec<(Node<'a, 'input>, &'a str)>>;

impl<'a, 'input> Tree<'a, 'input> {
    pub(super) fn read(robot: &Node<'a, 'input>, limits: &Limits) -> Result<Self, ImportFault> {
        let mut links: HashMap<&'a str, Node<'a, 'input>> = HashMap::new();
        let mut names = Vec::new();
        for node in elements(robot, "link") {
            let name = required(&node, "name")?;
            limits.name(&place(&node), name)?;
            if links.insert(name, node).is_some() {
                return Err(ImportFault::damaged(place(&node), format!("a second link «{name}»")));
            }
            names.push(name);
        }
        within("the robot", "links", names.len() as u64, limits.nodes as u64)?;
        let joint_nodes: Vec<Node<'a, 'input>> = elements(robot, "joint").collect();
        let mut below: Below<'a, 'input> = HashMap::new();
        let mut has_parent: HashSet<&str> = HashSet::new();
        let mut notes = Vec::new();
        for node in &joint_nodes {
            let name = required(node, "name")?;
            limits.name(&place(node), name)?;
            let (parent, child) = (ends(node, "parent", &links)?, ends(node, "child", &links)?);
            if !has_parent.insert(child) {
                return Err(ImportFault::damaged(
                    place(node),
                    format!("link «{child}» hangs on more than one joint"),
                ));
            }
            below.entry(parent).or_default().push((*node, child));
            if let Some(mimic) = elements(node, "mimic").next() {
                let followed = required(&mimic, "joint")?.to_owned();
                notes.push(Note::Follows { joint: name.to_owned(), followed });
            }
        }
        let mut tops = names.iter().filter(|name| !has_parent.contains(**name));
        let (Some(top), None) = (tops.next(), tops.next()) else {
            let count = names.iter().filter(|name| !has_parent.contains(**name)).count();
            return Err(ImportFault::damaged(
                "the robot",
                format!("{count} links hang on no joint; it must be one"),
            ));
        };
        let mut tree = Self { order: Vec::new(), notes };
        tree.walk(top, &links, &below)?;
        if tree.order.len() < names.len() {
            return Err(ImportFault::damaged("the robot", "joints that go in a circle"));
        }
        Ok(tree)
    }

    fn walk(
        &mut self,
        top: &'a str,
        links: &HashMap<&'a str, Node<'a, 'input>>,
        below: &Below<'a, 'input>,
    ) -> Result<(), ImportFault> {
        // A link becomes a part, and each of its shapes one behind it.
        let mut next_part = 0;
        let mut open: Vec<(&'a str, Option<PartId>, Option<Node<'a, 'input>>, usize)> =
            vec![(top, None, None, 1)];
        while let Some((name, parent, joint, depth)) = open.pop() {
            let Some(node) = links.get(name).copied() else { continue };
            // The shapes of the deepest link hang one below it.
            within(&place(&node), "links above each other", depth as u64, DEPTH_MAX as u64 - 1)?;
            let part = PartId::at(next_part);
            next_part += 1 + elements(&node, "visual").count();
            self.order.push(Link { name, node, parent, joint, part });
            let children = below.get(name).map(Vec::as_slice).unwrap_or_default();
            open.extend(
                children.iter().rev().map(|(joint, child)| (*child, Some(part), Some(*joint), depth + 1)),
            );
        }
        Ok(())
    }

    /// The joints that move; fixed ones are in the places of the parts already.
    pub(super) fn joints(&self) -> Result<Vec<Joint>, ImportFault> {
        let mut joints = Vec::new();
        for link in &self.order {
            let Some(node) = link.joint else { continue };
            if let Some(kind) = kind(&node)? {
                joints.push(Joint { name: required(&node, "name")?.to_owned(), part: link.part, kind });
            }
        }
        Ok(joints)
    }
}

/// The link at one end of a joint.
fn ends<'a, 'input>(
    joint: &Node<'a, 'input>,
    end: &'static str,
    links: &HashMap<&'a str, Node<'a, 'input>>,
) -> Result<&'a str, ImportFault> {
    let at = place(joint);
    let node = elements(joint, end).next();
    let node = node.ok_or_else(|| ImportFault::damaged(&at, format!("a joint without {end}")))?;
    let name = required(&node, "link")?;
    match links.contains_key(name) {
        true => Ok(name),
        false => Err(ImportFault::damaged(at, format!("its {end} «{name}» is no link"))),
    }
}

fn kind(node: &Node<'_, '_>) -> Result<Option<JointKind>, ImportFault> {
    let at = place(node);
    let axis = || -> Result<Vec3, ImportFault> {
        let said = match elements(node, "axis").next() {
            Some(axis) => vector(&axis, "xyz")?,
            None => None,
        };
        let axis = said.unwrap_or(Vec3::X).try_normalize();
        axis.ok_or_else(|| ImportFault::damaged(&at, "its axis has no length"))
    };
    match required(node, "type")? {
        "fixed" => Ok(None),
        "continuous" => Ok(Some(JointKind::Continuous { axis: axis()? })),
        "revolute" => Ok(Some(JointKind::Revolute { axis: axis()?, limits: limits(node)? })),
        "prismatic" => Ok(Some(JointKind::Prismatic { axis: axis()?, limits: limits(node)? })),
        other => Err(ImportFault::Unsupported {
            at: at.clone(),
            what: format!("a joint of type «{}»", other.chars().take(40).collect::<String>()),
            advice: "Joints are fixed, revolute, continuous and prismatic.",
        }),
    }
}

fn limits(node: &Node<'_, '_>) -> Result<JointLimits, ImportFault> {
    let at = place(node);
    let limit = elements(node, "limit").next();
    let limit = limit.ok_or_else(|| ImportFault::damaged(&at, "a joint with ends and no limit"))?;
    let number = |name: &str| match attribute(&limit, name) {
        None => Ok(None),
        Some(text) => match text.trim().parse::<f32>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(ImportFault::damaged(place(&limit), format!("{name} is not a finite number"))),
        },
    };
    let (lower, upper) = (number("lower")?.unwrap_or(0.0), number("upper")?.unwrap_or(0.0));
    if lower > upper {
        return Err(ImportFault::damaged(place(&limit), "lower is above upper"));
    }
    Ok(JointLimits { lower, upper, velocity: number("velocity")?, effort: number("effort")? })
}
