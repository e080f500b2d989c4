using Temporalio.Client;

namespace Temporalio.Testing;

/// <summary>Options of a local server.</summary>
public class WorkflowEnvironmentStartLocalOptions : TemporalClientConnectOptions
{
    public DevServerOptions DevServerOptions { get; set; } = new();

    /// <summary>Search attributes that the server gets before the environment is there.</summary>
    public IReadOnlyCollection<SearchAttributeKey>? SearchAttributes { get; set; }

    public override object Clone()
    {
        var copy = (WorkflowEnvironmentStartLocalOptions)base.Clone();
        copy.DevServerOptions = (DevServerOptions)DevServerOptions.Clone();
        return copy;
    }
}

/// <summary>Options of a server that skips time.</summary>
public class WorkflowEnvironmentStartTimeSkippingOptions : TemporalClientConnectOptions
{
    public TestServerOptions TestServer { get; set; } = new();

    public override object Clone()
    {
        var copy = (WorkflowEnvironmentStartTimeSkippingOptions)base.Clone();
        copy.TestServer = (TestServerOptions)TestServer.Clone();
        return copy;
    }
}

/// <summary>How a local server is found and started.</summary>
public class DevServerOptions : ICloneable
{
    /// <summary>The server's program; by default the embedded server that was built in the repository above the running program.</summary>
    public string? ExistingPath { get; set; }

    /// <summary>Further arguments of the server; <c>--database</c> with a connection string makes it use that database and keep it.</summary>
    public IReadOnlyCollection<string>? ExtraArgs { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>How a server that skips time is found and started.</summary>
public class TestServerOptions : ICloneable
{
    /// <summary>The server's program; by default the embedded server that was built in the repository above the running program.</summary>
    public string? ExistingPath { get; set; }

    /// <summary>Further arguments of the server; <c>--database</c> with a connection string makes it use that database and keep it.</summary>
    public IReadOnlyCollection<string>? ExtraArgs { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
