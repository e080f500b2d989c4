using Mainstay.LocalStack.Dependencies;
using Mainstay.LocalStack.Processes;
using Npgsql;

namespace Mainstay.LocalStack.Tests.Dependencies;

public sealed class LocalPostgresTests : IAsyncDisposable
{
    private readonly TemporaryRunDirectory temporary = new();

    private ProcessTable Processes => new(temporary.Directory);

    public async ValueTask DisposeAsync()
    {
        await Processes.StopAllAsync();
        var databases = Path.Combine(temporary.Directory.Root, LocalPostgres.Name);
        if (Directory.ResolveLinkTarget(databases, returnFinalTarget: true) is { Exists: true } target)
        {
            Directory.Delete(target.FullName, recursive: true);
        }

        temporary.Dispose();
    }

    // The temporary directory is its owner's alone, so as root this takes the way around, over a link.
    [Fact]
    public async Task Start_KilledInBetween_KeepsWhatWasCommitted()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var first = await new LocalPostgres(temporary.Directory, Processes).StartAsync(cancellationToken);
        await ExecuteAsync(first, "create table kept (id int); insert into kept values (7)", cancellationToken);
        await Processes.KillAsync(LocalPostgres.Name, cancellationToken);

        var second = await new LocalPostgres(temporary.Directory, Processes).StartAsync(cancellationToken);

        Assert.Equal(7, await ExecuteAsync(second, "select id from kept", cancellationToken));
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnectionStringBuilder connection, string sql, CancellationToken cancellationToken)
    {
        await using var opened = new NpgsqlConnection(connection.ConnectionString);
        await opened.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, opened);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
