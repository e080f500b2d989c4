using System.Security.Cryptography;
using Mainstay.LocalStack.Processes;
using Npgsql;

namespace Mainstay.LocalStack.Dependencies;

/// <summary>Runs a private PostgreSQL whose data outlives the run.</summary>
internal sealed class LocalPostgres(RunDirectory directory, ProcessTable processes)
{
    public const string Name = "postgresql";
    private const string SystemUser = "postgres";
    private const string Username = "mainstay";

    /// <summary>Commits need not reach the disk; for tests alone.</summary>
    public bool Forgetful { get; init; }

    /// <summary>Finds the newest PostgreSQL of the machine.</summary>
    public static string? FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(version => double.TryParse(Path.GetFileName(version), out var number) ? number : 0)
                .Select(version => Path.Combine(version, "bin"))
                .FirstOrDefault(binaries => File.Exists(Path.Combine(binaries, "postgres")))
            : null;

    /// <summary>Starts the server on a free port and returns how its superuser connects.</summary>
    public async Task<NpgsqlConnectionStringBuilder> StartAsync(CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync([DebianPackages.PostgreSql], cancellationToken);
        var home = await PrivateDirectory.CreateAsync(Path.Combine(directory.Root, Name), SystemUser, cancellationToken);
        var password = await InitializeAsync(home, cancellationToken);
        var port = FreePorts.Take(1)[0];
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = Username,
            Password = password,
            Database = "postgres",
            Pooling = false,
        };

        await processes.StartAsync(new(Name, [.. UserSwitch.To(SystemUser), Path.Combine(FindBinaries()!, "postgres"), .. Arguments(home, port)])
        {
            // Fast shutdown: sessions are ended, the data is written.
            StopSignal = Signals.Interrupt,
            WorkingDirectory = home,
        }, cancellationToken);

        var ready = await Poll.TryUntilAsync(
            async token => processes.Find(Name) is null || await PostgresProbe.AnswersAsync(connection, token), TimeSpan.FromMinutes(1), cancellationToken);
        return ready && processes.Find(Name) is not null
            ? connection
            : throw new LocalStackException($"PostgreSQL did not come up. {processes.LastLines(Name)}");
    }

    private async Task<string> InitializeAsync(string home, CancellationToken cancellationToken)
    {
        var data = Path.Combine(home, "data");
        var secret = Path.Combine(directory.Auth, "postgresql.password");
        if (Directory.Exists(data) && File.Exists(secret))
        {
            return await File.ReadAllTextAsync(secret, cancellationToken);
        }

        if (Directory.Exists(data))
        {
            throw new LocalStackException($"The databases in {home} have lost their password file {secret}. './build.sh clean' removes both; the next start makes new ones.");
        }

        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        RunDirectory.WriteSecret(secret, password);

        // Under another name until it is whole, so that a run killed in between leaves nothing that looks ready.
        var draft = Path.Combine(home, "data.draft");
        var passwordFile = Path.Combine(home, "password.draft");
        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }

        RunDirectory.WriteSecret(passwordFile, password);
        if (Environment.UserName == "root")
        {
            await Tool.RequireAsync(["chown", SystemUser, passwordFile], cancellationToken);
        }

        await Tool.RequireAsync(
            [.. UserSwitch.To(SystemUser), Path.Combine(FindBinaries()!, "initdb"), "-D", draft, $"--username={Username}", $"--pwfile={passwordFile}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"],
            cancellationToken);
        File.Delete(passwordFile);
        Directory.Move(draft, data);
        return password;
    }

    private IEnumerable<string> Arguments(string home, int port) =>
    [
        "-D", Path.Combine(home, "data"),
        "-p", $"{port}",
        "-c", "listen_addresses=127.0.0.1",
        "-c", "unix_socket_directories=",
        "-c", "max_connections=400",
        "-c", $"fsync={(Forgetful ? "off" : "on")}",
        "-c", $"synchronous_commit={(Forgetful ? "off" : "on")}",
    ];
}
