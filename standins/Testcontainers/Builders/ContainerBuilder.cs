using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;

namespace DotNet.Testcontainers.Builders;

/// <summary>Describes a container; each word gives a new builder.</summary>
public abstract class ContainerBuilder<TBuilderEntity, TContainerEntity, TConfigurationEntity>
    where TBuilderEntity : ContainerBuilder<TBuilderEntity, TContainerEntity, TConfigurationEntity>
    where TContainerEntity : IContainer
    where TConfigurationEntity : IContainerConfiguration
{
    /// <summary>A builder with what its configuration says.</summary>
    protected ContainerBuilder(TConfigurationEntity dockerResourceConfiguration) => DockerResourceConfiguration = dockerResourceConfiguration;

    /// <summary>What was said so far.</summary>
    protected virtual TConfigurationEntity DockerResourceConfiguration { get; }

    /// <summary>Sets the image. No image is run here: the machine's own program of that name stands for it, in the version that is installed.</summary>
    public TBuilderEntity WithImage(string image)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(image);
        return Clone(new ContainerConfiguration());
    }

    /// <summary>Sets the name.</summary>
    public TBuilderEntity WithName(string name) => Clone(new ContainerConfiguration(name: name));

    /// <summary>Sets the host name.</summary>
    public TBuilderEntity WithHostname(string hostname) => Clone(new ContainerConfiguration(hostname: hostname));

    /// <summary>Sets an environment variable.</summary>
    public TBuilderEntity WithEnvironment(string name, string value) => WithEnvironment(new Dictionary<string, string> { [name] = value });

    /// <summary>Sets environment variables.</summary>
    public TBuilderEntity WithEnvironment(IReadOnlyDictionary<string, string> environments) => Clone(new ContainerConfiguration(environments: environments));

    /// <summary>Adds words to the command of the container; here they follow those with which the machine's own program is started.</summary>
    public TBuilderEntity WithCommand(params string[] command) => Clone(new ContainerConfiguration(command: command));

    /// <summary>Whether the container goes with whoever started it; here it always does.</summary>
    public TBuilderEntity WithCleanUp(bool cleanUp) => Clone(new ContainerConfiguration());

    /// <summary>Makes the container, which does not run yet.</summary>
    public abstract TContainerEntity Build();

    /// <summary>A builder with a configuration put over this one's.</summary>
    protected abstract TBuilderEntity Clone(IContainerConfiguration resourceConfiguration);

    /// <summary>A builder with one configuration put over another.</summary>
    protected abstract TBuilderEntity Merge(TConfigurationEntity oldValue, TConfigurationEntity newValue);
}
