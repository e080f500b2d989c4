namespace Mainstay.SkillCache;

/// <summary>What was asked, and all about the asker that the answer depends on.</summary>
internal sealed record AnswerKey(string SkillName, string Reference, string Team, string Project, string RbacScope, string Role);
