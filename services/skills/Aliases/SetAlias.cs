using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Changes;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Aliases;

/// <summary>Points an alias at a version, or removes it, and remembers who did.</summary>
internal sealed class SetAlias(NpgsqlDataSource database, SkillIndex index, RecordChange changes, TimeProvider clock)
{
    private const int MostAliases = 100;

    private const string SelectState = "select state from skill_version where skill_name = @SkillName and version = @Version";

    private const string SelectAlias = "select alias, version, author, move_time from skill_alias where skill_name = @SkillName and alias = @Alias";

    private const string Count = "select count(*) from skill_alias where skill_name = @SkillName and alias <> @Alias";

    private const string Upsert = """
        insert into skill_alias (skill_name, alias, version, author, move_time)
        values (@SkillName, @Alias, @Version, @Author, @MoveTime)
        on conflict (skill_name, alias) do update
        set version = excluded.version, author = excluded.author, move_time = excluded.move_time
        """;

    private const string Delete = "delete from skill_alias where skill_name = @SkillName and alias = @Alias";

    private const string InsertMove = """
        insert into skill_alias_move (skill_name, alias, version, author, move_time)
        values (@SkillName, @Alias, @Version, @Author, @MoveTime)
        """;

    public async Task<Alias> ExecuteAsync(SetAliasRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        caller.Require(SkillScopes.Alias);
        if (!AliasName.IsValid(request.Alias))
        {
            throw SkillErrors.FieldInvalid(("alias", "must be 2 to 64 characters of [a-z0-9-] beginning with a letter, not \"latest\" and nothing that reads as a range"));
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockSkill.ExistingAsync(connection, transaction, request.SkillName, caller, cancellationToken);
        var known = await connection.QuerySingleOrDefaultAsync<AliasRow>(new CommandDefinition(
            SelectAlias, new { request.SkillName, request.Alias }, transaction, cancellationToken: cancellationToken));
        if ((known?.Version ?? "") == request.Version)
        {
            return known?.ToAlias() ?? new Alias { Alias_ = request.Alias };
        }

        await RequireTargetAsync(connection, transaction, request, cancellationToken);
        // PostgreSQL keeps microseconds.
        var time = clock.GetUtcNow();
        var now = time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
        var row = new { request.SkillName, request.Alias, request.Version, Author = caller.Principal, MoveTime = now };
        await connection.ExecuteAsync(new CommandDefinition(request.Version.Length > 0 ? Upsert : Delete, row, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(InsertMove, row, transaction, cancellationToken: cancellationToken));
        var change = new ChangeNote("skill_alias", SkillScopes.Alias, request.SkillName, request.Version)
        {
            Alias = request.Alias,
            Facts = new Dictionary<string, string> { ["alias"] = request.Alias, ["from_version"] = known?.Version ?? "", ["to_version"] = request.Version },
        };
        await changes.ExecuteAsync(connection, transaction, change, caller, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        index.Forget(request.SkillName);
        return new AliasRow(request.Alias, request.Version, caller.Principal, now.UtcDateTime).ToAlias();
    }

    private static async Task RequireTargetAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, SetAliasRequest request, CancellationToken cancellationToken)
    {
        if (request.Version.Length == 0)
        {
            return;
        }

        var names = new { request.SkillName, request.Version, request.Alias };
        var state = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(SelectState, names, transaction, cancellationToken: cancellationToken))
            ?? throw SkillErrors.SkillNotFound(request.SkillName, request.Version);
        if (state is not (SkillStates.Published or SkillStates.Deprecated))
        {
            throw SkillErrors.AliasTarget(request.SkillName, request.Version, state);
        }

        if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(Count, names, transaction, cancellationToken: cancellationToken)) >= MostAliases)
        {
            throw SkillErrors.FieldInvalid(("alias", $"would be one more than the {MostAliases} that a skill can have; remove one by setting it to no version"));
        }
    }
}
