using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Catalog;

/// <summary>A version as the database has it.</summary>
internal sealed record SkillRow(
    string Content, string Digest, string Publisher, DateTime? PublishTime, string State, string StateReason, DateTime StateTime, string StateAuthor)
{
    /// <summary>The columns that a row is read from.</summary>
    public const string Columns = """
        version.content::text as content, version.digest, version.publisher, version.publish_time,
            version.state, version.state_reason, version.state_time, version.state_author
        """;

    // A newer process may have written fields that this one does not know.
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>The version as the contract has it.</summary>
    public Skill ToSkill()
    {
        var skill = Parser.Parse<Skill>(Content);
        skill.Digest = Digest;
        skill.Publisher = Publisher;
        skill.PublishTime = PublishTime is { } time ? Timestamp.FromDateTime(time) : null;
        skill.State = SkillStates.Parse(State);
        skill.StateReason = StateReason;
        skill.StateTime = Timestamp.FromDateTime(StateTime);
        skill.StateAuthor = StateAuthor;
        return skill;
    }
}
