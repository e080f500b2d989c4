using System.Text.Json;

namespace Mainstay.LocalStack.Services;

/// <summary>All that is needed to start one service of a running stack again; secret, as it holds passwords.</summary>
internal sealed record StackState(
    string PostgresConnection,
    Uri RabbitMq,
    PortPlan Ports,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyDictionary<string, string> Environment)
{
    public void Save(RunDirectory directory) => RunDirectory.WriteSecret(PathIn(directory), JsonSerializer.Serialize(this));

    public static StackState Load(RunDirectory directory) =>
        File.Exists(PathIn(directory)) && JsonSerializer.Deserialize<StackState>(File.ReadAllText(PathIn(directory))) is { } state
            ? state
            : throw new LocalStackException("No local stack was started here: './build.sh up' starts one.");

    private static string PathIn(RunDirectory directory) => Path.Combine(directory.Auth, "stack.json");
}
