namespace DotNet.Testcontainers.Configurations;

/// <summary>What a container is to be like.</summary>
public interface IContainerConfiguration
{
    /// <summary>The container's name.</summary>
    string? Name { get; }

    /// <summary>The container's host name.</summary>
    string? Hostname { get; }

    /// <summary>Environment variables of its process.</summary>
    IReadOnlyDictionary<string, string> Environments { get; }

    /// <summary>The words of its command.</summary>
    IEnumerable<string> Command { get; }
}

/// <summary>What a container is to be like; what is not set is left to a later word or to the default.</summary>
public class ContainerConfiguration : IContainerConfiguration
{
    /// <summary>A configuration that sets nothing but what is given.</summary>
    public ContainerConfiguration(string? name = null, string? hostname = null, IReadOnlyDictionary<string, string>? environments = null, IEnumerable<string>? command = null)
    {
        Name = name;
        Hostname = hostname;
        Environments = environments ?? new Dictionary<string, string>();
        Command = command ?? [];
    }

    /// <summary>Puts one configuration over another.</summary>
    protected ContainerConfiguration(IContainerConfiguration oldValue, IContainerConfiguration newValue)
    {
        Name = newValue.Name ?? oldValue.Name;
        Hostname = newValue.Hostname ?? oldValue.Hostname;
        Environments = oldValue.Environments.Concat(newValue.Environments)
            .GroupBy(variable => variable.Key)
            .ToDictionary(variables => variables.Key, variables => variables.Last().Value);
        Command = [.. oldValue.Command, .. newValue.Command];
    }

    /// <inheritdoc />
    public string? Name { get; }

    /// <inheritdoc />
    public string? Hostname { get; }

    /// <inheritdoc />
    public IReadOnlyDictionary<string, string> Environments { get; }

    /// <inheritdoc />
    public IEnumerable<string> Command { get; }
}
