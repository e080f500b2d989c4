namespace Mainstay.LocalStack.Services;

/// <summary>One of the five services: its name, its program and its well-known ports.</summary>
internal sealed record ServiceDefinition(string Name, string Assembly, int GrpcPort, int HttpPort)
{
    public static IReadOnlyList<ServiceDefinition> All { get; } =
    [
        new("skills", "Mainstay.Skills", 7101, 8101),
        new("audit", "Mainstay.Audit", 7102, 8102),
        new("llm-gateway", "Mainstay.LlmGateway", 7103, 8103),
        new("tool-gateway", "Mainstay.ToolGateway", 7104, 8104),
        new("orchestrator", "Mainstay.Orchestrator", 7105, 8105),
    ];

    public string Program => Repository.Program($"services/{Name}", Assembly);

    /// <summary>Finds a service; an unknown name is an error that lists the known.</summary>
    public static ServiceDefinition Named(string name) =>
        All.SingleOrDefault(service => service.Name == name)
        ?? throw new LocalStackException($"There is no service '{name}'; the services are {string.Join(", ", All.Select(service => service.Name))}.");
}
