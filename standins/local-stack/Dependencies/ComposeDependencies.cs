using System.Security.Cryptography;
using System.Text;
using Mainstay.LocalStack.Processes;
using Npgsql;

namespace Mainstay.LocalStack.Dependencies;

/// <summary>Runs PostgreSQL and RabbitMQ in containers, from the repository's compose file, when a Docker engine answers.</summary>
internal sealed class ComposeDependencies(RunDirectory directory)
{
    // Each run directory has containers of its own.
    private readonly string project = "mainstay-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory.Root)))[..8];

    private string Marker => Path.Combine(directory.Root, "compose");

    /// <summary>Says whether a Docker engine with compose answers.</summary>
    public static async Task<bool> IsAvailableAsync(CancellationToken cancellationToken) =>
        Tool.Find("docker") is { } docker
        && (await Tool.RunAsync([docker, "info"], cancellationToken)).ExitCode == 0
        && (await Tool.RunAsync([docker, "compose", "version"], cancellationToken)).ExitCode == 0;

    /// <summary>Starts both and returns how they are reached.</summary>
    public async Task<(NpgsqlConnectionStringBuilder Postgres, Uri RabbitMq)> StartAsync(CancellationToken cancellationToken)
    {
        var secret = Path.Combine(directory.Auth, "compose.password");
        if (!File.Exists(secret))
        {
            RunDirectory.WriteSecret(secret, RandomNumberGenerator.GetHexString(32, lowercase: true));
        }

        var password = await File.ReadAllTextAsync(secret, cancellationToken);
        var ports = FreePorts.Take(2);
        File.WriteAllText(Marker, project);
        await Tool.RequireAsync([.. Compose, "up", "--detach", "--wait", "postgres", "rabbitmq"], cancellationToken, new Dictionary<string, string>
        {
            ["MAINSTAY_POSTGRES_PASSWORD"] = password,
            ["MAINSTAY_RABBITMQ_PASSWORD"] = password,
            ["MAINSTAY_POSTGRES_PORT"] = $"{ports[0]}",
            ["MAINSTAY_RABBITMQ_PORT"] = $"{ports[1]}",
        });
        return (
            new() { Host = "127.0.0.1", Port = ports[0], Username = "mainstay", Password = password, Database = "postgres", Pooling = false },
            new($"amqp://mainstay:{password}@127.0.0.1:{ports[1]}"));
    }

    /// <summary>Stops the containers, when there are any; their volumes stay unless wiped.</summary>
    public async Task StopAsync(bool wipe)
    {
        if (File.Exists(Marker))
        {
            await Tool.RequireAsync([.. Compose, "down", .. wipe ? (string[])["--volumes"] : []], CancellationToken.None);
            File.Delete(Marker);
        }
    }

    private string[] Compose =>
        ["docker", "compose", "--project-name", project, "--file", Path.Combine(Repository.Root, "docker-compose.yml")];
}
