using Mainstay.Skills.V1;

namespace Mainstay.Skills.Catalog;

/// <summary>The states of a version as the database has them.</summary>
internal static class SkillStates
{
    public const string Draft = "draft";
    public const string Published = "published";
    public const string Deprecated = "deprecated";
    public const string Withdrawn = "withdrawn";

    /// <summary>The state as the contract has it.</summary>
    public static SkillState Parse(string state) => Enum.Parse<SkillState>(state, ignoreCase: true);

    /// <summary>The state as the database has it.</summary>
    public static string Text(this SkillState state) => state.ToString().ToLowerInvariant();
}
