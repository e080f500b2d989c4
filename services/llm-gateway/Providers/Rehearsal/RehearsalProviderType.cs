using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>The kind "rehearsal": its scripts lie in <c>script_directory</c>.</summary>
internal sealed class RehearsalProviderType(TimeProvider clock, IConfiguration configuration) : IModelProviderType
{
    public string Name => "rehearsal";

    public IReadOnlyList<string> Keys { get; } = ["script_directory"];

    public IModelProvider Create(string name, IConfigurationSection section)
    {
        var directory = configuration.Required($"{section.Path}:script_directory");
        return Directory.Exists(directory)
            ? new RehearsalProvider(name, directory, clock)
            : throw new MainstayConfigurationException($"'{section.Path}:script_directory' names '{Path.GetFullPath(directory)}', which is not there.");
    }
}
