using Mainstay.Testing;
using Temporalio.Client;

[assembly: AssemblyFixture(typeof(Temporalio.Tests.Mirror.MirrorServer))]

namespace Temporalio.Tests.Mirror;

/// <summary>One embedded server with the suite's search attributes, for all scenarios.</summary>
public sealed class MirrorServer : IAsyncLifetime
{
    private EmbeddedTemporal? server;

    /// <summary>A client under the name that the suite gives its clients.</summary>
    public TemporalClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        server = await EmbeddedTemporal.StartAsync(CancellationToken.None);
        Client = await TemporalClient.ConnectAsync(new(server.Address) { Identity = "conformance-client" });
        await Client.OperatorService.AddSearchAttributesAsync(new()
        {
            Namespace = "default",
            SearchAttributes =
            {
                ["ConfKeyword"] = IndexedValueType.Keyword,
                ["ConfInt"] = IndexedValueType.Int,
                ["ConfDouble"] = IndexedValueType.Double,
                ["ConfBool"] = IndexedValueType.Bool,
                ["ConfDatetime"] = IndexedValueType.Datetime,
                ["ConfText"] = IndexedValueType.Text,
                ["ConfKeywordList"] = IndexedValueType.KeywordList,
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
