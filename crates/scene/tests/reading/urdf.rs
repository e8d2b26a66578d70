//! URDF: links, shapes and joints, and what is refused.

use millwright_scene::import::{ImportFault, Imported, Limits, Note, read_urdf};
use millwright_scene::model::{JointKind, PartId};

const ARM: &str = r#"<?xml version="1.0"?>
<robot name="arm">
  <material name="red"><color rgba="1 0 0 1"/></material>
  <link name="foot"><visual><geometry><box size="0.4 0.3 0.2"/></geometry><material name="red"/></visual></link>
  <link name="lever">
    <visual><origin xyz="0 0 0.5"/><geometry><cylinder radius="0.05" length="1"/></geometry></visual>
    <visual><geometry><mesh filename="package://arm/tip.stl" scale="0.001 0.001 0.001"/></geometry></visual>
  </link>
  <joint name="swing" type="revolute">
    <origin xyz="0 0 0.2" rpy="0 0 1.5707963"/><parent link="foot"/><child link="lever"/>
    <axis xyz="0 2 0"/><limit lower="-1" upper="1.5" velocity="2" effort="90"/>
  </joint>
</robot>"#;

const TIP: &[u8] = b"solid tip\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 9 0 0\nvertex 0 9 0\nendloop\nendfacet\nendsolid tip\n";

fn read(text: &str) -> Result<Imported, ImportFault> {
    read_urdf(text.as_bytes(), &|uri| uri.ends_with("tip.stl").then(|| TIP.to_vec()), &Limits::default())
}

fn says(from: &str, to: &str) -> String {
    assert!(ARM.contains(from), "the test changes something that is there");
    read(&ARM.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn links_shapes_and_joints_become_parts_that_move() {
    let model = read(ARM).unwrap().model;
    let names: Vec<&str> = model.parts().iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["foot", "foot visual 0", "lever", "lever visual 0", "lever visual 1"]);
    let swing = &model.joints()[0];
    assert_eq!((swing.name.as_str(), swing.part), ("swing", PartId(2)));
    let JointKind::Revolute { axis, limits } = swing.kind else { panic!("{swing:?}") };
    assert_eq!((axis, limits.upper, limits.effort), (glam::Vec3::Y, 1.5, Some(90.0)));
    assert_eq!(model.materials()[0].base_color, [1.0, 0.0, 0.0, 1.0]);
}

#[test]
fn what_the_description_has_up_is_up() {
    let model = read(ARM).unwrap().model;
    let foot = model.parts()[0].parent_from_part.affine();
    assert!(foot.transform_vector3(glam::Vec3::Z).abs_diff_eq(glam::Vec3::Y, 1e-6));
}

#[test]
fn a_template_is_refused_with_the_command_that_expands_it() {
    let said = says("size=\"0.4 0.3 0.2\"", "size=\"${length} 0.3 0.2\"");
    assert_eq!(
        said,
        "line 4: a xacro template is not read here. Expand it first: `xacro robot.xacro > robot.urdf`."
    );
    let said = says(
        "<robot name",
        "<robot xmlns:xacro=\"http://ros.org/wiki/xacro\"><xacro:macro/></robot><robot name",
    );
    assert!(said.contains("line 2"), "{said}");
    let namespaced = ARM
        .replace("<robot name", "<robot xmlns:xacro=\"http://ros.org/wiki/xacro\" name")
        .replace("</robot>", "<xacro:arm/></robot>");
    assert!(read(&namespaced).unwrap_err().to_string().contains("xacro template"));
}

#[test]
fn a_mesh_that_is_not_given_or_not_read_is_named() {
    let said = says("tip.stl", "top.stl");
    assert_eq!(said, "line 7: the file «package://arm/top.stl» that belongs to it was not given");
    let collada = |_: &str| Some(b"<?xml version=\"1.0\"?><COLLADA/>".to_vec());
    let fault = read_urdf(ARM.as_bytes(), &collada, &Limits::default()).unwrap_err().to_string();
    assert!(fault.starts_with("line 7, package://arm/tip.stl: COLLADA (.dae) is not read here."), "{fault}");
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    assert_eq!(says("link=\"lever\"", "link=\"lid\""), "line 9: its child «lid» is no link");
    assert_eq!(says("0 2 0", "0 0 0"), "line 9: its axis has no length");
    assert_eq!(says("upper=\"1.5\"", "upper=\"-2\""), "line 11: lower is above upper");
    assert_eq!(says("0.4 0.3 0.2", "0.4 0.3"), "line 4: size is three numbers");
    assert_eq!(says("0.4 0.3 0.2", "0.4 NaN 0.2"), "line 4: what should be a number is not a finite number");
    assert!(says("revolute", "planar").starts_with("line 9: a joint of type «planar» is not read here."));
}

#[test]
fn a_robot_has_one_link_that_carries_all_others() {
    assert_eq!(
        says("</robot>", "<link name=\"loose\"/></robot>"),
        "the robot: 2 links hang on no joint; it must be one"
    );
    let circle =
        "<joint name=\"back\" type=\"fixed\"><parent link=\"lever\"/><child link=\"foot\"/></joint></robot>";
    assert_eq!(says("</robot>", circle), "the robot: 0 links hang on no joint; it must be one");
}

#[test]
fn a_joint_that_follows_another_is_noted() {
    let follows = ARM.replace("<axis", "<mimic joint=\"other\"/><axis");
    assert_eq!(
        read(&follows).unwrap().notes,
        [Note::Follows { joint: "swing".into(), followed: "other".into() }]
    );
}

#[test]
fn a_document_that_declares_entities_is_refused() {
    let bomb = ARM.replace("<robot", "<!DOCTYPE r [<!ENTITY a \"b\">]><robot");
    assert!(read(&bomb).is_err());
}

#[test]
fn elements_within_elements_without_end_are_refused_and_do_not_exhaust_the_stack() {
    let deep = format!("<robot name=\"r\">{}</robot>", "<a>".repeat(200_000));
    assert!(read(&deep).is_err());
    let closed = format!("<robot name=\"r\">{}{}</robot>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(read(&closed).is_err());
}
