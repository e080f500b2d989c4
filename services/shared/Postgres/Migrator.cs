using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mainstay.ServiceDefaults.Postgres;

/// <summary>Brings a database to the newest of its migrations; several processes may do so at once.</summary>
internal sealed partial class Migrator(NpgsqlDataSource database, ILogger<Migrator> logger)
{
    // Any number that nothing else in the database locks.
    private const long Lock = 0x6D61696E73746179;

    private const string CreateTable = """
        create table if not exists schema_migration (
            name text primary key,
            checksum text not null,
            apply_time timestamptz not null default now()
        )
        """;

    private const string SelectApplied = "select name, checksum from schema_migration";

    private const string Insert = "insert into schema_migration (name, checksum) values (@Name, @Checksum)";

    /// <summary>Applies what is missing, each migration whole or not at all; refuses when an applied one has changed.</summary>
    public async Task MigrateAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_lock(@Lock)", new { Lock }, cancellationToken: cancellationToken));
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(CreateTable, cancellationToken: cancellationToken));
            var applied = (await connection.QueryAsync<(string Name, string Checksum)>(new CommandDefinition(SelectApplied, cancellationToken: cancellationToken)))
                .ToDictionary(row => row.Name, row => row.Checksum);
            foreach (var migration in migrations)
            {
                await ApplyAsync(connection, migration, applied, cancellationToken);
            }
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@Lock)", new { Lock });
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, Dictionary<string, string> applied, CancellationToken cancellationToken)
    {
        if (applied.TryGetValue(migration.Name, out var checksum))
        {
            if (checksum != migration.Checksum)
            {
                throw new InvalidOperationException(
                    $"The migration {migration.Name} was applied with other content. Restore the file and put the change into a new migration.");
            }

            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(migration.Sql, transaction: transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(Insert, new { migration.Name, migration.Checksum }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        Log.Applied(logger, migration.Name);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Applied the migration {Migration}")]
        public static partial void Applied(ILogger logger, string migration);
    }
}

/// <summary>One step of a database's schema.</summary>
internal sealed record Migration(string Name, string Sql)
{
    /// <summary>SHA-256 of the SQL, hexadecimal.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The migrations that an assembly carries, by name.</summary>
    public static IEnumerable<Migration> Of(Assembly assembly) => assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return new Migration(name, reader.ReadToEnd());
        });
}
