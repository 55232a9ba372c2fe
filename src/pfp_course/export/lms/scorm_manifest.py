"""The manifest of a SCORM package: one organisation with one chapter, and what is known of it.

SCORM 1.2 content aggregation model (2001) and SCORM 2004 4th edition content aggregation model.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pfp_course.export.lms.scorm_questions import Version

__all__ = ["Described", "manifest"]

_START = "index.html"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_IN_12 = (
    'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
    'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" '
    'xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"'
)
_IN_2004 = (
    'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" '
    'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" '
    'xmlns:imsss="http://www.imsglobal.org/xsd/imsss" '
    'xmlns:lom="http://ltsc.ieee.org/xsd/LOM"'
)


@dataclass(frozen=True)
class Described:
    """What a manifest says of a chapter.

    Attributes
    ----------
    name : str
        An identifier: letters, digits and hyphens, beginning with a letter.
    title, course, promise : str
        The chapter, the course, and the promise of the chapter in a sentence.
    language : str
        An IETF tag.
    version, rights, author : str
        The version of the course, the terms of its use, and who made it.
    minutes : int
        The time to plan for.
    objectives : tuple of str
        The identifiers of its objectives, as the script reports them.
    """

    name: str
    title: str
    course: str
    promise: str
    language: str
    version: str
    rights: str
    author: str
    minutes: int
    objectives: tuple[str, ...]

    @property
    def duration(self) -> str:
        """The time to plan for, in ISO 8601."""
        return f"PT{self.minutes // 60}H{self.minutes % 60}M"


def manifest(about: Described, files: Iterable[str], version: Version) -> str:
    """Return ``imsmanifest.xml`` of a package.

    Parameters
    ----------
    about
        The chapter.
    files
        The names of all other files of the package.
    version
        The version of SCORM.
    """
    is_2004 = version == "2004"
    names = sorted(files, key=lambda name: (name != _START, name))
    listed = "\n".join(f"      <file href={quoteattr(name)}/>" for name in names)
    spaces, lom = (_IN_2004, _lom_2004(about)) if is_2004 else (_IN_12, _lom_12(about))
    kind = "scormType" if is_2004 else "scormtype"
    edition = "2004 4th Edition" if is_2004 else "1.2"
    flow = (
        "\n      <imsss:sequencing>"
        '<imsss:controlMode choice="true" flow="true"/></imsss:sequencing>'
        if is_2004
        else ""
    )
    return f"""{_XML}<manifest identifier="{about.name}-manifest" version="1.0" {spaces}>
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>{edition}</schemaversion>
{lom}
  </metadata>
  <organizations default="{about.name}-organization">
    <organization identifier="{about.name}-organization">
      <title>{escape(about.title)}</title>
      <item identifier="{about.name}-item" identifierref="{about.name}-page">
        <title>{escape(about.title)}</title>{_sequencing(about) if is_2004 else ""}
      </item>{flow}
    </organization>
  </organizations>
  <resources>
    <resource identifier="{about.name}-page" type="webcontent" adlcp:{kind}="sco"
      href="{_START}">
{listed}
    </resource>
  </resources>
</manifest>
"""


def _sequencing(about: Described) -> str:
    """Return who decides on success and completion, the content, and what is learnt."""
    goals = "".join(
        f"\n            <imsss:objective objectiveID={quoteattr(goal)}/>"
        for goal in about.objectives
    )
    return f"""
        <imsss:sequencing>
          <imsss:objectives>
            <imsss:primaryObjective objectiveID="{about.name}-chapter"/>{goals}
          </imsss:objectives>
          <imsss:deliveryControls tracked="true" completionSetByContent="true"
            objectiveSetByContent="true"/>
        </imsss:sequencing>"""


def _lom_12(about: Described) -> str:
    def text(value: str) -> str:
        return (
            f"<imsmd:langstring xml:lang={quoteattr(about.language)}>{escape(value)}"
            "</imsmd:langstring>"
        )

    def word(value: str) -> str:
        return (
            '<imsmd:source><imsmd:langstring xml:lang="x-none">LOMv1.0</imsmd:langstring>'
            '</imsmd:source><imsmd:value><imsmd:langstring xml:lang="x-none">'
            f"{value}</imsmd:langstring></imsmd:value>"
        )

    return f"""    <imsmd:lom>
      <imsmd:general>
        <imsmd:title>{text(about.title)}</imsmd:title>
        <imsmd:language>{escape(about.language)}</imsmd:language>
        <imsmd:description>{text(about.promise)}</imsmd:description>
        <imsmd:keyword>{text(about.course)}</imsmd:keyword>
      </imsmd:general>
      <imsmd:lifecycle>
        <imsmd:version>{text(about.version)}</imsmd:version>
        <imsmd:contribute>
          <imsmd:role>{word("Author")}</imsmd:role>
          <imsmd:centity><imsmd:vcard>{_card(about.author)}</imsmd:vcard></imsmd:centity>
        </imsmd:contribute>
      </imsmd:lifecycle>
      <imsmd:educational>
        <imsmd:typicallearningtime><imsmd:datetime>{about.duration}</imsmd:datetime></imsmd:typicallearningtime>
      </imsmd:educational>
      <imsmd:rights>
        <imsmd:copyrightandotherrestrictions>{word("yes")}</imsmd:copyrightandotherrestrictions>
        <imsmd:description>{text(about.rights)}</imsmd:description>
      </imsmd:rights>
    </imsmd:lom>"""


def _lom_2004(about: Described) -> str:
    def text(value: str) -> str:
        return f"<lom:string language={quoteattr(about.language)}>{escape(value)}</lom:string>"

    def word(value: str) -> str:
        return f"<lom:source>LOMv1.0</lom:source><lom:value>{value}</lom:value>"

    return f"""    <lom:lom>
      <lom:general>
        <lom:title>{text(about.title)}</lom:title>
        <lom:language>{escape(about.language)}</lom:language>
        <lom:description>{text(about.promise)}</lom:description>
        <lom:keyword>{text(about.course)}</lom:keyword>
      </lom:general>
      <lom:lifeCycle>
        <lom:version>{text(about.version)}</lom:version>
        <lom:contribute>
          <lom:role>{word("author")}</lom:role>
          <lom:entity>{_card(about.author)}</lom:entity>
        </lom:contribute>
      </lom:lifeCycle>
      <lom:educational>
        <lom:typicalLearningTime><lom:duration>{about.duration}</lom:duration></lom:typicalLearningTime>
      </lom:educational>
      <lom:rights>
        <lom:copyrightAndOtherRestrictions>{word("yes")}</lom:copyrightAndOtherRestrictions>
        <lom:description>{text(about.rights)}</lom:description>
      </lom:rights>
    </lom:lom>"""


def _card(name: str) -> str:
    """Return a name as a vCard (RFC 2426)."""
    plain = name.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return escape(f"BEGIN:VCARD\nVERSION:3.0\nFN:{plain}\nN:{plain};;;;\nEND:VCARD")
