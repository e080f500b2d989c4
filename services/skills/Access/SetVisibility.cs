using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Changes;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Access;

/// <summary>Says who may see a skill, all its versions alike.</summary>
internal sealed class SetVisibility(NpgsqlDataSource database, SkillIndex index, RecordChange changes)
{
    private const int MostNames = 256;
    private const int LongestName = 128;

    private const string Update = """
        update skill
        set is_public = @Everyone, teams = @Teams, projects = @Projects
        where skill_name = @SkillName and (is_public, teams, projects) is distinct from (@Everyone, @Teams, @Projects)
        """;

    public async Task<Visibility> ExecuteAsync(SetVisibilityRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        caller.Require(SkillScopes.Publish);
        var visibility = Checked(request.Visibility);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockSkill.ExistingAsync(connection, transaction, request.SkillName, caller, cancellationToken);
        var row = new { request.SkillName, visibility.Everyone, Teams = visibility.Teams.ToArray(), Projects = visibility.Projects.ToArray() };
        if (await connection.ExecuteAsync(new CommandDefinition(Update, row, transaction, cancellationToken: cancellationToken)) == 1)
        {
            var change = new ChangeNote("skill_visibility", SkillScopes.Publish, request.SkillName, "")
            {
                Facts = new Dictionary<string, string>
                {
                    ["everyone"] = visibility.Everyone ? "true" : "false",
                    ["teams"] = string.Join(' ', visibility.Teams),
                    ["projects"] = string.Join(' ', visibility.Projects),
                },
            };
            await changes.ExecuteAsync(connection, transaction, change, caller, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        index.Forget(request.SkillName);
        return visibility;
    }

    private static Visibility Checked(Visibility? visibility)
    {
        if (visibility is null)
        {
            throw SkillErrors.FieldInvalid(("visibility", "is missing"));
        }

        var violations = Names("teams", visibility.Teams).Concat(Names("projects", visibility.Projects)).ToList();
        if (visibility.Everyone && visibility.Teams.Count + visibility.Projects.Count > 0)
        {
            violations.Add(("visibility.everyone", "must be false where teams or projects are listed"));
        }

        return violations.Count == 0
            ? new Visibility { Everyone = visibility.Everyone, Teams = { visibility.Teams.Distinct().Order() }, Projects = { visibility.Projects.Distinct().Order() } }
            : throw SkillErrors.FieldInvalid([.. violations]);
    }

    private static IEnumerable<(string Field, string Description)> Names(string field, IReadOnlyList<string> names)
    {
        if (names.Count > MostNames)
        {
            yield return ($"visibility.{field}", $"must be at most {MostNames}");
        }

        for (var i = 0; i < Math.Min(names.Count, MostNames); i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]) || names[i].Length > LongestName)
            {
                yield return ($"visibility.{field}[{i}]", $"must be 1 to {LongestName} characters");
            }
        }
    }
}
