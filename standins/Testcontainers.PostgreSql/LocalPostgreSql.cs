using DotNet.Testcontainers.Internal;

namespace Testcontainers.PostgreSql;

/// <summary>Runs the machine's own PostgreSQL, the newest that is installed.</summary>
internal sealed class LocalPostgreSql(PostgreSqlConfiguration configuration) : LocalServer
{
    private const string SystemUser = "postgres";

    // PostgreSQL refuses to run as root.
    private static readonly string[] AsSystemUser =
        Environment.UserName == "root" ? ["setpriv", $"--reuid={SystemUser}", $"--regid={SystemUser}", "--init-groups", "--"] : [];

    public override string Name => "postgresql";

    public override IReadOnlyList<int> Ports => [PostgreSqlBuilder.PostgreSqlPort];

    public override void RequireInstalled() => Binaries();

    public override async Task PrepareAsync(string directory, CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(passwordFile, configuration.Password, cancellationToken);
        if (AsSystemUser.Length > 0)
        {
            await Tool.RequireAsync(["chown", "-R", $"{SystemUser}:", directory], cancellationToken);
        }

        await Tool.RequireAsync(
            [
                .. AsSystemUser, Path.Combine(Binaries(), "initdb"), "-D", Path.Combine(directory, "data"), $"--username={configuration.Username}", $"--pwfile={passwordFile}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
            ],
            cancellationToken);
        File.Delete(passwordFile);
    }

    // What a test writes need not outlive a power failure, unless the command says otherwise: the last word of an option counts.
    public override ServerCommand Command(string directory, IReadOnlyDictionary<int, ushort> ports) => new(
        [
            .. AsSystemUser, Path.Combine(Binaries(), "postgres"), "-D", Path.Combine(directory, "data"), "-p", $"{ports[PostgreSqlBuilder.PostgreSqlPort]}",
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=400", "-c", "fsync=off", "-c", "synchronous_commit=off",
            .. configuration.Command,
        ],
        StopSignal: "INT");

    public override async Task<bool> IsReadyAsync(IReadOnlyDictionary<int, ushort> ports, CancellationToken cancellationToken)
    {
        string[] server = ["-h", "127.0.0.1", "-p", $"{ports[PostgreSqlBuilder.PostgreSqlPort]}", "-U", configuration.Username!];
        var (exitCode, _) = await Tool.RunAsync([Path.Combine(Binaries(), "pg_isready"), .. server, "-d", "postgres"], cancellationToken);
        if (exitCode == 0 && configuration.Database != "postgres")
        {
            await Tool.RequireAsync([Path.Combine(Binaries(), "createdb"), .. server, configuration.Database!], cancellationToken, ("PGPASSWORD", configuration.Password!));
        }

        return exitCode == 0;
    }

    private static string Binaries() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(version => double.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(binaries => File.Exists(Path.Combine(binaries, "postgres")))
        ?? throw new InvalidOperationException("PostgreSQL is not installed (no /usr/lib/postgresql/*/bin/postgres). './build.sh setup' installs what the tests need.");
}
