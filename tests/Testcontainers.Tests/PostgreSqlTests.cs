using DotNet.Testcontainers.Containers;
using Npgsql;
using Testcontainers.PostgreSql;

namespace Testcontainers.Tests;

public sealed class PostgreSqlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_DatabaseUserAndPasswordSet_AnswersToThem()
    {
        await using var container = new PostgreSqlBuilder().WithImage("postgres:17").WithDatabase("orders").WithUsername("owner").WithPassword("it's; secret").Build();

        await container.StartAsync(Cancellation);

        Assert.Equal(TestcontainersStates.Running, container.State);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = container.Hostname,
            Port = container.GetMappedPublicPort(PostgreSqlBuilder.PostgreSqlPort),
            Database = "orders",
            Username = "owner",
            Password = "it's; secret",
        });
        await using var command = source.CreateCommand("select current_database() || ' ' || current_user || ' ' || rolsuper from pg_roles where rolname = current_user");
        Assert.Equal("orders owner true", await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Start_CommandGiven_OutweighsTheDefaults()
    {
        await using var container = new PostgreSqlBuilder().WithCommand("-c", "fsync=on").WithCommand("-c", "work_mem=5MB").Build();
        await container.StartAsync(Cancellation);

        await using var source = NpgsqlDataSource.Create(container.GetConnectionString());
        await using var command = source.CreateCommand("select current_setting('fsync') || ' ' || current_setting('work_mem')");

        Assert.Equal("on 5MB", await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task GetConnectionString_Defaults_Connects()
    {
        await using var container = new PostgreSqlBuilder().Build();
        await container.StartAsync(Cancellation);

        await using var source = NpgsqlDataSource.Create(container.GetConnectionString());
        await using var connection = await source.OpenConnectionAsync(Cancellation);
        var (log, _) = await container.GetLogsAsync(ct: Cancellation);

        Assert.Contains("ready to accept connections", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PasswordWrong_IsRefused()
    {
        await using var container = new PostgreSqlBuilder().Build();
        await container.StartAsync(Cancellation);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(container.GetConnectionString()) { Password = "wrong" });

        await Assert.ThrowsAsync<PostgresException>(() => source.OpenConnectionAsync(Cancellation).AsTask());
    }

    [Fact]
    public async Task Dispose_Running_LeavesNeitherServerNorFiles()
    {
        var before = Directories();
        var container = new PostgreSqlBuilder().Build();
        await container.StartAsync(Cancellation);
        var connectionString = container.GetConnectionString();
        var made = Directories().Except(before).ToArray();

        await container.DisposeAsync();

        Assert.Equal(TestcontainersStates.Exited, container.State);
        Assert.Contains(made, directory => !Directory.Exists(directory));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => new NpgsqlConnection(connectionString).OpenAsync(Cancellation));
    }

    [Fact]
    public void GetMappedPublicPort_NotStarted_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => new PostgreSqlBuilder().Build().GetMappedPublicPort(5432));

    [Fact]
    public void Build_NoPassword_IsRefused() => Assert.ThrowsAny<ArgumentException>(() => new PostgreSqlBuilder().WithPassword("").Build());

    [Fact]
    public void With_GivesAnotherBuilder()
    {
        var builder = new PostgreSqlBuilder();

        Assert.NotSame(builder, builder.WithDatabase("other"));
    }

    private static string[] Directories() => Directory.GetDirectories(Path.GetTempPath(), "testcontainers-postgresql-*");
}
