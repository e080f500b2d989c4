using System.Security.Cryptography;
using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Dependencies;

/// <summary>Runs a private RabbitMQ, with an Erlang port mapper of its own so that none is left behind.</summary>
internal sealed class LocalRabbitMq(RunDirectory directory, ProcessTable processes)
{
    public const string Name = "rabbitmq";
    public const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string PortMapper = "rabbitmq-epmd";
    private const string Username = "mainstay";

    private readonly string home = Path.Combine(directory.Root, Name);

    /// <summary>Starts the broker on a free port and returns its address, credentials included.</summary>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync([DebianPackages.RabbitMq], cancellationToken);

        // A first start that was killed leaves half a schema, with nothing in it yet that anybody could miss.
        var whole = Path.Combine(home, "whole");
        if (Directory.Exists(home) && !File.Exists(whole))
        {
            Directory.Delete(home, recursive: true);
        }

        Directory.CreateDirectory(home);
        var ports = FreePorts.Take(3);
        var uri = new Uri($"amqp://{Username}:{Password()}@127.0.0.1:{ports[0]}");
        var environment = Settings(ports);

        await processes.StartAsync(new(PortMapper, [Tool.Find("epmd")!]) { Environment = environment, WorkingDirectory = home }, cancellationToken);
        await processes.StartAsync(new(Name, [Server]) { Environment = environment, WorkingDirectory = home }, cancellationToken);

        var ready = await Poll.TryUntilAsync(
            async token => processes.Find(Name) is null || await RabbitMqProbe.AnswersAsync(uri, token), TimeSpan.FromMinutes(2), cancellationToken);
        if (!ready || processes.Find(Name) is null)
        {
            throw new LocalStackException($"RabbitMQ did not come up. {processes.LastLines(Name)}");
        }

        File.WriteAllText(whole, "");
        return uri;
    }

    private string Password()
    {
        var secret = Path.Combine(home, "password");
        if (!File.Exists(secret))
        {
            RunDirectory.WriteSecret(secret, RandomNumberGenerator.GetHexString(32, lowercase: true));
        }

        return File.ReadAllText(secret);
    }

    private Dictionary<string, string> Settings(int[] ports)
    {
        var configuration = Path.Combine(home, "rabbitmq.conf");
        RunDirectory.WriteSecret(configuration, $"""
            listeners.tcp.1 = 127.0.0.1:{ports[0]}
            default_user = {Username}
            default_pass = {Password()}
            disk_free_limit.absolute = 50MB
            log.console.level = info

            """);
        File.WriteAllText(Path.Combine(home, "enabled_plugins"), "[].\n");
        return new()
        {
            ["HOME"] = home,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{ports[1]}",
            ["RABBITMQ_NODENAME"] = "mainstay@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{ports[2]}",
            ["RABBITMQ_CONFIG_FILE"] = configuration,
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = home,
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(home, "pid"),
            // Makes the start script become the broker, so that it is one process with one id.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
        };
    }
}
