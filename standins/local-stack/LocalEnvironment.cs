using Mainstay.LocalStack.Auth;
using Mainstay.LocalStack.Processes;
using Mainstay.LocalStack.Services;

namespace Mainstay.LocalStack;

/// <summary>A whole Mainstay on this machine, every part a process of its own; disposing stops it.</summary>
public sealed class LocalEnvironment : IAsyncDisposable
{
    private readonly RunDirectory directory;
    private readonly LocalStackOptions options;

    private LocalEnvironment(LocalStackOptions options, RunDirectory directory, Endpoints endpoints)
    {
        this.options = options;
        this.directory = directory;
        Endpoints = endpoints;
    }

    /// <summary>Where everything listens.</summary>
    public Endpoints Endpoints { get; }

    /// <summary>The folder that the filesystem connector sees.</summary>
    public string WorkspacePath => directory.Workspace;

    /// <summary>Starts everything and returns once all are healthy; what a killed run left behind is cleaned up first.</summary>
    public static async Task<LocalEnvironment> StartAsync(LocalStackOptions options, CancellationToken cancellationToken)
    {
        var directory = new RunDirectory(options.RunDirectory);
        return new(options, directory, await new StackStart(directory, options).RunAsync(cancellationToken));
    }

    /// <summary>Ends one service at once, as a crash would.</summary>
    public Task KillAsync(string service, CancellationToken cancellationToken) =>
        new ProcessTable(directory).KillAsync(ServiceDefinition.Named(service).Name, cancellationToken);

    /// <summary>Starts one service again, after a kill or in place of the running one, and returns once it is healthy.</summary>
    public Task RestartAsync(string service, CancellationToken cancellationToken) =>
        new StackStart(directory, options).RestartAsync(ServiceDefinition.Named(service), cancellationToken);

    /// <summary>Mints a token that every service accepts.</summary>
    public string MintToken(TokenRequest request) => new TokenMint(new(directory), TimeProvider.System).Mint(request);

    /// <summary>The log of one part of the stack, for example <c>orchestrator</c>.</summary>
    public string LogPath(string name) => directory.Log(name);

    /// <summary>Stops everything; the databases stay.</summary>
    public async ValueTask DisposeAsync() => await new StackStop(directory, options.Progress).RunAsync(wipe: false);
}
