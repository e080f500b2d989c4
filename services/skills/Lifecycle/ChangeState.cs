using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Changes;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Lifecycle;

/// <summary>Brings a version one step on in its life; a step that is done already is not done again.</summary>
internal sealed class ChangeState(NpgsqlDataSource database, SkillIndex index, RecordChange changes, TimeProvider clock)
{
    private const int LongestReason = 1024;

    private const string Select = $"""
        select version.author, {SkillRow.Columns}
        from skill
        join skill_version version on version.skill_name = skill.skill_name
        where version.skill_name = @SkillName and version.version = @Version and {Viewer.SeesVersion}
        """;

    private const string Update = """
        update skill_version
        set state = @State, state_reason = @Reason, state_time = @Now, state_author = @Principal,
            publisher = case when @State = 'published' then @Principal else publisher end,
            publish_time = case when @State = 'published' then @Now else publish_time end
        where skill_name = @SkillName and version = @Version
        """;

    /// <summary>Refuses a reason that says nothing or too much.</summary>
    public static void RequireReason(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason)
        {
            throw SkillErrors.FieldInvalid(("reason", $"must be 1 to {LongestReason} characters that say why, and what to use instead"));
        }
    }

    /// <summary>Takes the step and returns the version as it is then; <see cref="StateStep.Check"/> may refuse it.</summary>
    public async Task<Skill> ExecuteAsync(string skillName, string version, StateStep step, CallerContext caller, CancellationToken cancellationToken)
    {
        caller.Require(SkillScopes.Publish);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockSkill.ExistingAsync(connection, transaction, skillName, caller, cancellationToken);
        var (author, row) = await ReadAsync(connection, transaction, skillName, version, caller, cancellationToken);
        if (row.State == step.To)
        {
            return row.ToSkill();
        }

        if (!step.From.Contains(row.State))
        {
            throw SkillErrors.StateConflict(skillName, version, row.State, step.To);
        }

        await step.Check(new StateCheck(connection, transaction, row.ToSkill(), author));
        await connection.ExecuteAsync(new CommandDefinition(
            Update,
            new { skillName, version, State = step.To, step.Reason, Now = clock.GetUtcNow(), caller.Principal },
            transaction,
            cancellationToken: cancellationToken));
        await NewestVersion.RefreshAsync(connection, transaction, skillName, cancellationToken);
        await changes.ExecuteAsync(connection, transaction, Change(row, skillName, version, step), caller, cancellationToken);
        var (_, changed) = await ReadAsync(connection, transaction, skillName, version, caller, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        index.Forget(skillName);
        return changed.ToSkill();
    }

    private static ChangeNote Change(SkillRow row, string skillName, string version, StateStep step) => new(step.Action, SkillScopes.Publish, skillName, version)
    {
        Facts = new Dictionary<string, string> { ["version"] = version, ["digest"] = row.Digest, ["from_state"] = row.State, ["reason"] = step.Reason },
    };

    private static async Task<(string Author, SkillRow Row)> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string skillName, string version, CallerContext caller, CancellationToken cancellationToken)
    {
        var found = await connection.QueryAsync<string, SkillRow, (string, SkillRow)>(
            new CommandDefinition(Select, caller.Parameters(new { skillName, version }), transaction, cancellationToken: cancellationToken),
            (author, row) => (author, row),
            splitOn: "content");
        return found.Select(one => ((string, SkillRow)?)one).SingleOrDefault() ?? throw SkillErrors.SkillNotFound(skillName, version);
    }
}
