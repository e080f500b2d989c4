using Dapper;
using Mainstay.ServiceDefaults.Hosting;
using Mainstay.Testing;
using Npgsql;

namespace Mainstay.ServiceDefaults.Tests.Hosting;

public sealed class MigrateOnlyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MigrateOnly_DatabaseMissing_MakesItMigratesItAndEnds()
    {
        var database = postgres.ReserveDatabase();

        var exitCode = await RunAsync(await PostgresFixture.SettingsAsync(database), "rabbitmq: {uri: 'amqp://127.0.0.1:1'}");

        Assert.Equal(0, exitCode);
        await using var connection = new NpgsqlConnection((await PostgresFixture.SettingsAsync(database)).ConnectionString);
        Assert.True(await connection.ExecuteScalarAsync<bool>("select to_regclass('probe') is not null and to_regclass('outbox') is not null"));
    }

    [Fact]
    public async Task MigrateOnly_BesideTwoOptionsOfTheSameValue_TakesBoth()
    {
        var database = postgres.ReserveDatabase();

        var exitCode = await RunAsync(
            await PostgresFixture.SettingsAsync(database), "rabbitmq: {uri: 'amqp://127.0.0.1:1'}", "--services:skills:listen", "127.0.0.1", "--services:skills:host", "127.0.0.1");

        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task MigrateOnly_NoServer_EndsWithAnError()
    {
        var settings = await PostgresFixture.SettingsAsync("any");
        settings.Port = 1;

        Assert.Equal(1, await RunAsync(settings, ""));
    }

    private static async Task<int> RunAsync(NpgsqlConnectionStringBuilder server, string moreYaml, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                $$"""
                postgres: {host: {{server.Host}}, port: {{server.Port}}, username: {{server.Username}}, password: "{{server.Password}}", database: {{server.Database}}}
                auth: {issuer: a, audience: b, jwks_file: none}
                services: { skills: {host: skills, listen: 127.0.0.1, grpc: 0, http: 0} }
                {{moreYaml}}
                """,
                Cancellation);
            return await MainstayRunner.RunAsync(() => ProbeService.Build(["--migrate-only", "--config", file, .. arguments]));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
