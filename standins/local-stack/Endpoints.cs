using System.Text.Json;

namespace Mainstay.LocalStack;

/// <summary>Every address of a running local stack, as <c>endpoints.json</c> lists them; no secrets.</summary>
public sealed record Endpoints
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>PostgreSQL, as <c>host:port</c>.</summary>
    public required string Postgres { get; init; }

    /// <summary>RabbitMQ, as <c>host:port</c>.</summary>
    public required string Rabbitmq { get; init; }

    /// <summary>The Temporal frontend, as <c>host:port</c>.</summary>
    public required string Temporal { get; init; }

    /// <summary>The services by name.</summary>
    public required IReadOnlyDictionary<string, ServiceEndpoint> Services { get; init; }

    /// <summary>Reads the file that a running stack wrote.</summary>
    public static Endpoints Read(string path) =>
        JsonSerializer.Deserialize<Endpoints>(File.ReadAllText(path), Json)
        ?? throw new LocalStackException($"{path} is empty; './build.sh down' and './build.sh up' write it anew.");
}

/// <summary>One service's two addresses, as URLs: gRPC over cleartext HTTP/2, and HTTP/1.1 for health and metrics.</summary>
public sealed record ServiceEndpoint(string Grpc, string Http);
