using Mainstay.LocalStack.Auth;
using Mainstay.LocalStack.Processes;
using Npgsql;

namespace Mainstay.LocalStack.Services;

/// <summary>Says how the Temporal server and each service are started in one stack.</summary>
internal sealed class ServiceLaunch(RunDirectory directory, SigningKey signingKey, ServiceTokens tokens, StackState state)
{
    public const string Temporal = "temporal";

    public static string TemporalProgram => Repository.Program("standins/temporal-server", "Mainstay.TemporalServer");

    /// <summary>The embedded Temporal server.</summary>
    public static LaunchSpec TemporalServer(TemporalSettings settings)
    {
        // Npgsql takes the password from the environment, where other users of the machine cannot read it.
        var connection = new NpgsqlConnectionStringBuilder(settings.Database.ConnectionString) { Pooling = true };
        var password = connection.Password;
        connection.Remove("Password");
        return new(Temporal, ["dotnet", TemporalProgram, "--address", settings.Address, "--namespace", settings.Namespace, "--database", connection.ConnectionString])
        {
            Environment = string.IsNullOrEmpty(password) ? new Dictionary<string, string>() : new() { ["PGPASSWORD"] = password },
            WorkingDirectory = Repository.Root,
        };
    }

    /// <summary>One service, with the addresses of all.</summary>
    public LaunchSpec Service(ServiceDefinition service)
    {
        var arguments = Settings(service).SelectMany(setting => (string[])[$"--{setting.Key}", setting.Value]);
        return new(service.Name, ["dotnet", service.Program, "--config", Path.Combine(Repository.Root, "mainstay.yaml"), .. arguments])
        {
            Environment = new Dictionary<string, string>(state.Environment)
            {
                ["MAINSTAY_POSTGRES_PASSWORD"] = new NpgsqlConnectionStringBuilder(state.PostgresConnection).Password ?? "",
                ["MAINSTAY_RABBITMQ_URI"] = state.RabbitMq.ToString(),
                ["MAINSTAY_WORKSPACE"] = directory.Workspace,
            },
            WorkingDirectory = Repository.Root,
        };
    }

    private Dictionary<string, string> Settings(ServiceDefinition service)
    {
        var postgres = new NpgsqlConnectionStringBuilder(state.PostgresConnection);
        Dictionary<string, string> settings = new()
        {
            ["postgres:host"] = postgres.Host ?? "127.0.0.1",
            ["postgres:port"] = $"{postgres.Port}",
            ["postgres:username"] = postgres.Username ?? "",
            ["auth:issuer"] = TokenMint.Issuer,
            ["auth:audience"] = TokenMint.Audience,
            ["auth:jwks_file"] = signingKey.KeySetPath,
            ["auth:service_token_file"] = tokens.Write(service.Name),
            ["temporal:address"] = $"127.0.0.1:{state.Ports.Temporal}",
        };
        foreach (var (name, ports) in state.Ports.Services)
        {
            settings[$"services:{name}:host"] = "127.0.0.1";
            settings[$"services:{name}:grpc"] = $"{ports.Grpc}";
            settings[$"services:{name}:http"] = $"{ports.Http}";
        }

        foreach (var (key, value) in state.Settings)
        {
            settings[key] = value;
        }

        return settings;
    }
}
