using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Testcontainers.PostgreSql;

namespace Mainstay.Benchmarks.Harness;

/// <summary>A PostgreSQL of this run alone, whose commits reach the disk.</summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const string PgBench = "pgbench";
    private readonly PostgreSqlContainer container = new PostgreSqlBuilder().WithCommand("-c", "fsync=on", "-c", "synchronous_commit=on").Build();

    public static async Task<PrivatePostgres> StartAsync(CancellationToken cancellationToken)
    {
        var postgres = new PrivatePostgres();
        await postgres.container.StartAsync(cancellationToken);
        return postgres;
    }

    /// <summary>How to reach a database as the superuser; the database need not exist.</summary>
    public NpgsqlConnectionStringBuilder Settings(string database) => new(container.GetConnectionString()) { Database = database };

    /// <summary>Makes the tables of pgbench, ten times 100,000 rows.</summary>
    public async Task PreparePgBenchAsync(CancellationToken cancellationToken)
    {
        await using var server = NpgsqlDataSource.Create(Settings("postgres"));
        await using var create = server.CreateCommand($"create database {PgBench}");
        await create.ExecuteNonQueryAsync(cancellationToken);
        await RunPgBenchAsync(["--initialize", "--scale=10", "--quiet"], cancellationToken);
    }

    /// <summary>The commits per second of pgbench's simple update: one row changed, one read, one added.</summary>
    public async Task<Reading> CommitsAsync(int clients, TimeSpan duration, CancellationToken cancellationToken)
    {
        var output = await RunPgBenchAsync(
            ["--builtin=simple-update", $"--client={clients}", "--jobs=2", "--no-vacuum", $"--time={duration.TotalSeconds}"], cancellationToken);
        return new(Figure(output, "tps"), Figure(output, "latency average"), 0, 0);
    }

    public ValueTask DisposeAsync() => container.DisposeAsync();

    private static double Figure(string output, string name) =>
        double.Parse(
            output.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(" = ")[1].Split(' ')[0], CultureInfo.InvariantCulture);

    private async Task<string> RunPgBenchAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var settings = Settings(PgBench);
        var program = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", PgBench)).Last(File.Exists);
        using var process = Process.Start(new ProcessStartInfo(
            program, [.. arguments, $"--host={settings.Host}", $"--port={settings.Port}", $"--username={settings.Username}", PgBench])
        {
            Environment = { ["PGPASSWORD"] = settings.Password },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"pgbench: {await errors}");
    }
}
