using System.Net.Sockets;
using DotNet.Testcontainers.Internal;
using Mainstay.LocalStack.Processes;

namespace Testcontainers.RabbitMq;

/// <summary>Runs the machine's own RabbitMQ, with an Erlang port mapper of its own.</summary>
internal sealed class LocalRabbitMq(RabbitMqConfiguration configuration) : LocalServer
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string PortMapper = "/usr/bin/epmd";

    private static readonly byte[] ProtocolHeader = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1];

    public override string Name => "rabbitmq";

    public override IReadOnlyList<int> Ports => [RabbitMqBuilder.RabbitMqPort];

    public override void RequireInstalled()
    {
        if (!File.Exists(Server) || !File.Exists(PortMapper))
        {
            throw new InvalidOperationException($"RabbitMQ is not installed (no {Server}). './build.sh setup' installs what the tests need.");
        }
    }

    public override async Task PrepareAsync(string directory, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(
            Path.Combine(directory, "credentials.conf"),
            $"""
            default_user = {configuration.Username}
            default_pass = {configuration.Password}

            """,
            cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(directory, "enabled_plugins"), "[].\n", cancellationToken);
    }

    public override ServerCommand Command(string directory, IReadOnlyDictionary<int, ushort> ports)
    {
        if (configuration.Command.Any())
        {
            throw new NotSupportedException("The machine's own RabbitMQ takes no command; set what it needs by the builder's other methods.");
        }

        var inner = FreePorts.Take(2);
        var settings = Path.Combine(directory, "rabbitmq.conf");
        File.WriteAllText(
            settings,
            $"""
            listeners.tcp.1 = 127.0.0.1:{ports[RabbitMqBuilder.RabbitMqPort]}
            disk_free_limit.absolute = 50MB
            log.console.level = info
            {File.ReadAllText(Path.Combine(directory, "credentials.conf"))}
            """);

        // What a test publishes need not outlive it, so the broker is not asked but ended.
        return new ServerCommand([Server], StopSignal: "KILL")
        {
            Companion = PortMapper,
            Environment = new Dictionary<string, string>
            {
                ["HOME"] = directory,
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["ERL_EPMD_PORT"] = $"{inner[0]}",
                ["RABBITMQ_NODENAME"] = "test@localhost",
                ["RABBITMQ_DIST_PORT"] = $"{inner[1]}",
                ["RABBITMQ_CONFIG_FILE"] = settings,
                ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(directory, "mnesia"),
                ["RABBITMQ_LOG_BASE"] = directory,
                ["RABBITMQ_LOGS"] = "-",
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(directory, "enabled_plugins"),
                ["RABBITMQ_PID_FILE"] = Path.Combine(directory, "pid"),
                // Makes the start script become the broker, so that it is one process with one id.
                ["RUNNING_UNDER_SYSTEMD"] = "true",
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
            },
        };
    }

    // The broker opens its port once it is up, and greets whoever speaks its protocol.
    public override async Task<bool> IsReadyAsync(IReadOnlyDictionary<int, ushort> ports, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", ports[RabbitMqBuilder.RabbitMqPort], cancellationToken);
            await client.GetStream().WriteAsync(ProtocolHeader, cancellationToken);
            var greeting = new byte[1];
            return await client.GetStream().ReadAsync(greeting, cancellationToken) == 1 && greeting[0] == 1;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
