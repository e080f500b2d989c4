using Google.Protobuf.Reflection;

namespace Mainstay.SystemTests;

/// <summary>What Mainstay's services offer.</summary>
internal static class Contracts
{
    /// <summary>Every service of every context.</summary>
    public static IReadOnlyList<ServiceDescriptor> Services { get; } =
    [
        .. new[]
        {
            Skills.V1.SkillServiceReflection.Descriptor, Audit.V1.AuditServiceReflection.Descriptor, Audit.V1.SinkServiceReflection.Descriptor, Llm.V1.CompletionServiceReflection.Descriptor,
            Tools.V1.ToolServiceReflection.Descriptor, Orchestrator.V1.AgentServiceReflection.Descriptor, Orchestrator.V1.TaskServiceReflection.Descriptor,
        }
        .SelectMany(file => file.Services),
    ];

    /// <summary>The name under which a service's context is deployed.</summary>
    public static string Host(ServiceDescriptor service) => service.File.Package switch
    {
        "mainstay.llm.v1" => "llm-gateway",
        "mainstay.tools.v1" => "tool-gateway",
        var package => package.Split('.')[1],
    };
}
