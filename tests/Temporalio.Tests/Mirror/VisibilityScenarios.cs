using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Tests.Mirror;

/// <summary>Listing and counting, and the pages of histories.</summary>
public sealed class VisibilityScenarios(MirrorServer server)
{
    [Fact]
    public async Task List_ByEachField_FindsTheGoldenWorkflows()
    {
        await using var t = new Scenario(server.Client, "visibility-queries");
        var all = await SeedAsync(t);
        (string Fact, string Query)[] asked =
        [
            ("type", "WorkflowType = 'Alpha'"),
            ("type not", "WorkflowType != 'Alpha'"),
            ("type in", "WorkflowType IN ('Alpha','Gamma')"),
            ("status running", "ExecutionStatus = 'Running'"),
            ("status terminated", "ExecutionStatus = 'Terminated'"),
            ("status in", "ExecutionStatus IN ('Completed','Terminated')"),
            ("id", $"WorkflowId = '{t.Name("c")}'"),
            ("id prefix", $"WorkflowId STARTS_WITH '{t.Name("")}'"),
            ("type prefix", "WorkflowType STARTS_WITH 'Al'"),
            ("start time range", "StartTime > '2020-01-01T00:00:00Z' AND StartTime < '2100-01-01T00:00:00Z'"),
            ("start time between", "StartTime BETWEEN '2000-01-01T00:00:00Z' AND '2001-01-01T00:00:00Z'"),
            ("close time set", "CloseTime IS NOT NULL"),
            ("close time not set", "CloseTime IS NULL"),
            ("or", "(WorkflowType = 'Gamma' OR ExecutionStatus = 'Terminated')"),
            ("root", $"RootWorkflowId = '{t.Name("a")}'"),
        ];
        foreach (var (fact, query) in asked)
        {
            await t.CallAsync(fact, () => ListAsync(t, $"{all} AND {query}"), Names);
        }
    }

    [Fact]
    public async Task List_ByCustomAttributes_FindsTheGoldenWorkflows()
    {
        await using var t = new Scenario(server.Client, "visibility-custom-attributes");
        var all = await SeedAsync(t);
        string[] asked =
        [
            "ConfKeyword = 'red'", "ConfKeyword != 'red'", "ConfKeyword IN ('green','blue')", "ConfKeyword STARTS_WITH 're'", "ConfInt = 2", "ConfInt > 2", "ConfInt >= 2 AND ConfInt < 4",
            "ConfInt BETWEEN 2 AND 3", "ConfDouble > 2.0", "ConfBool = true", "ConfBool = false", "ConfText = 'brown'", "ConfKeywordList = 'y'", "ConfKeywordList IN ('x','z')",
            "ConfDatetime < '2002-01-01T00:00:00Z'", "ConfKeyword IS NULL", "ConfKeyword IS NOT NULL",
        ];
        foreach (var query in asked)
        {
            await t.CallAsync(query, () => ListAsync(t, $"{all} AND {query}"), Names);
        }
    }

    [Fact]
    public async Task Queries_ThatAreWrong_AreRefused()
    {
        await using var t = new Scenario(server.Client, "visibility-invalid");
        string[] asked =
        [
            "WorkflowType = ", "NoSuchAttribute = 'x'", "WorkflowType = 'a' ORDER BY StartTime DESC", "ExecutionStatus = 'Sleeping'", "StartTime > 'yesterday'", "WorkflowType LIKE 'a%'",
            "ConfText STARTS_WITH 'a'",
        ];
        foreach (var query in asked)
        {
            await t.CallAsync(query, () => ListAsync(t, query));
        }

        await t.CallAsync("count with a syntax error", () => CountAsync(t, "WorkflowType ="));
    }

    [Fact]
    public async Task Count_AllRunningAndByStatus()
    {
        await using var t = new Scenario(server.Client, "visibility-count");
        var all = await SeedAsync(t);
        await t.CallAsync("all", () => CountAsync(t, all), r => r);
        await t.CallAsync("running", () => CountAsync(t, $"{all} AND ExecutionStatus = 'Running'"), r => r);
        await t.CallAsync("grouped", () => CountAsync(t, $"{all} GROUP BY ExecutionStatus"), r =>
        {
            var sorted = r.Groups.OrderBy(group => group.Count).ThenBy(group => group.GroupValues[0].Data.ToStringUtf8(), StringComparer.Ordinal).ToList();
            r.Groups.Clear();
            r.Groups.Add(sorted);
            return r;
        });
        await t.CallAsync("grouped by type", () => CountAsync(t, $"{all} GROUP BY WorkflowType"), r => r.Count);
    }

    [Fact]
    public async Task List_InPages_HasEachOnceNewestFirst()
    {
        await using var t = new Scenario(server.Client, "visibility-pagination");
        var query = $"TaskQueue = '{t.Name("pages")}'";
        for (var i = 0; i < 7; i++)
        {
            await t.RawStartAsync($"p{i}", null, t.Name("pages"));
        }

        await Mainstay.Testing.Eventually.TrueAsync(async () => (await t.Client.CountWorkflowsAsync(query)).Count == 7, Scenario.CancellationToken);
        var pages = new List<List<string>>();
        ListWorkflowExecutionsResponse? page = null;
        do
        {
            page = await t.Service.ListWorkflowExecutionsAsync(new() { Namespace = "default", Query = query, PageSize = 3, NextPageToken = page?.NextPageToken ?? Google.Protobuf.ByteString.Empty });
            pages.Add([.. page.Executions.Select(e => e.Execution.WorkflowId.Split('/')[^1])]);
        }
        while (!page.NextPageToken.IsEmpty && pages.Count < 9);
        t.Fact("pages", pages);
    }

    [Fact]
    public async Task List_Entries_HaveTheseFields()
    {
        await using var t = new Scenario(server.Client, "visibility-fields")
        {
            Dropped = ["executionDuration", "historySizeBytes", "stateTransitionCount", "mostRecentWorkerVersionStamp", "BuildIds"],
        };
        var listed = await ListAsync(t, $"{await SeedAsync(t)} AND WorkflowType = 'Alpha'");
        t.Fact("executions", listed.Executions.OrderBy(e => e.Execution.WorkflowId, StringComparer.Ordinal).Select(Scenario.Json));
    }

    [Fact]
    public async Task History_LongPoll_AnswersWhenSomethingHappens()
    {
        await using var t = new Scenario(server.Client, "history-wait-new-event");
        await t.RawStartAsync("main");
        var first = await HistoryAsync(t, wait: true);
        t.Fact("first", Read(first));
        var waiting = HistoryAsync(t, wait: true, token: first.NextPageToken);
        await t.SignalAsync("main", "add", 1);
        var signalled = await waiting;
        t.Fact("after a signal", Read(signalled));
        var closing = HistoryAsync(t, wait: true, token: signalled.NextPageToken);
        await t.TerminateAsync("main", "end");
        t.Fact("after termination", Read(await closing));
    }

    [Fact]
    public async Task History_OfTheCloseEvent_WaitsForIt()
    {
        await using var t = new Scenario(server.Client, "history-close-event");
        await t.RawStartAsync("main");
        t.Fact("running, not asked to wait", Read(await HistoryAsync(t, wait: false, close: true, within: TimeSpan.FromSeconds(3))));
        var waiting = HistoryAsync(t, wait: true, close: true);
        await t.TerminateAsync("main", "end");
        t.Fact("waiting", Read(await waiting));
        t.Fact("closed", Read(await HistoryAsync(t, wait: false, close: true)));
    }

    [Fact]
    public async Task History_InPages_IsWholeAndInOrder()
    {
        await using var t = new Scenario(server.Client, "history-pagination");
        await t.RawStartAsync("main");
        await Parallel.ForEachAsync(Enumerable.Range(1, 1202), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await t.SignalAsync("main", "add", i));
        async Task<object> PagesAsync(int size)
        {
            var (sizes, expected, inOrder) = (new List<int>(), 1L, true);
            var page = await HistoryAsync(t, wait: false, size: size);
            while (true)
            {
                sizes.Add(page.History.Events.Count);
                inOrder &= page.History.Events.All(e => e.EventId == expected++);
                if (page.NextPageToken.IsEmpty)
                {
                    return new { total = sizes.Sum(), inOrder, severalPages = sizes.Count > 1, withinSize = sizes.All(n => n <= (size == 0 ? 1000 : size) + 10) };
                }

                page = await HistoryAsync(t, wait: false, size: size, token: page.NextPageToken);
            }
        }

        t.Fact("default page size", await PagesAsync(0));
        t.Fact("pages of 100", await PagesAsync(100));
        var reverse = await t.Service.GetWorkflowExecutionHistoryReverseAsync(new() { Namespace = "default", Execution = new() { WorkflowId = t.Name("main") }, MaximumPageSize = 3 });
        t.Fact("reverse", reverse.History.Events.Select(e => e.EventId));
        await t.CallAsync("token that is none", () => HistoryAsync(t, wait: false, token: Google.Protobuf.ByteString.CopyFromUtf8("nonsense")));
        await t.TerminateAsync("main");
    }

    [Fact]
    public async Task History_OfATask_ComesWhole()
    {
        await using var t = new Scenario(server.Client, "history-first-page-of-task");
        await t.RawStartAsync("main");
        for (var i = 0; i < 300; i++)
        {
            await t.SignalAsync("main", "add", i);
        }

        var task = await t.PollTaskAsync();
        var (total, token) = (task.History.Events.Count, task.NextPageToken);
        while (!token.IsEmpty)
        {
            var page = await HistoryAsync(t, wait: false, token: token);
            (total, token) = (total + page.History.Events.Count, page.NextPageToken);
        }

        t.Fact("events", new { total, started = task.StartedEventId, complete = !task.NextPageToken.IsEmpty || total == task.History.Events.Count });
        await t.CompleteTaskAsync(task, Scenario.Complete());
    }

    /// <summary>Starts five workflows, and gives the query that finds them all once the index has them.</summary>
    private static async Task<string> SeedAsync(Scenario t)
    {
        var queue = t.Name("vis");
        Task<string> StartAsync(string label, string type, params (string Name, object Value)[] attributes) => t.RawStartAsync(
            label,
            request =>
            {
                request.WorkflowType.Name = type;
                request.SearchAttributes = new();
                attributes.ToList().ForEach(attribute => request.SearchAttributes.IndexedFields[attribute.Name] = Scenario.Payload(attribute.Value));
            },
            queue);
        await StartAsync("a", "Alpha", ("ConfKeyword", "red"), ("ConfInt", 1), ("ConfBool", true), ("ConfKeywordList", new[] { "x", "y" }));
        await t.CompleteTaskAsync(await t.PollTaskAsync(queue), Scenario.Complete());
        await StartAsync("b", "Alpha", ("ConfKeyword", "green"), ("ConfInt", 2), ("ConfDouble", 2.5), ("ConfText", "quick brown fox"));
        await StartAsync("c", "Beta", ("ConfKeyword", "red"), ("ConfInt", 3), ("ConfKeywordList", new[] { "y", "z" }));
        await StartAsync("d", "Beta", ("ConfInt", 4), ("ConfBool", false), ("ConfDatetime", "2001-02-03T04:05:06Z"));
        await StartAsync("e", "Gamma");
        await t.TerminateAsync("b");
        var all = $"TaskQueue = '{queue}'";
        await Mainstay.Testing.Eventually.TrueAsync(
            async () => await t.Client.CountWorkflowsAsync($"{all} AND ExecutionStatus = 'Running'") is { Count: 3 } && await t.Client.CountWorkflowsAsync(all) is { Count: 5 }, Scenario.CancellationToken);
        return all;
    }

    private static object Names(ListWorkflowExecutionsResponse listed) => listed.Executions.Select(e => e.Execution.WorkflowId.Split('/')[^1]).Order(StringComparer.Ordinal);

    private static Task<ListWorkflowExecutionsResponse> ListAsync(Scenario t, string query) =>
        t.Service.ListWorkflowExecutionsAsync(new() { Namespace = "default", Query = query, PageSize = 100 });

    private static Task<CountWorkflowExecutionsResponse> CountAsync(Scenario t, string query) => t.Service.CountWorkflowExecutionsAsync(new() { Namespace = "default", Query = query });

    private static object Read(GetWorkflowExecutionHistoryResponse page) => new { types = Scenario.Types(page.History.Events), more = !page.NextPageToken.IsEmpty };

    private static Task<GetWorkflowExecutionHistoryResponse> HistoryAsync(
        Scenario t, bool wait, Google.Protobuf.ByteString? token = null, bool close = false, int size = 0, TimeSpan? within = null) => t.Service.GetWorkflowExecutionHistoryAsync(
        new()
        {
            Namespace = "default",
            Execution = new() { WorkflowId = t.Name("main") },
            WaitNewEvent = wait,
            NextPageToken = token ?? Google.Protobuf.ByteString.Empty,
            MaximumPageSize = size,
            HistoryEventFilterType = close ? HistoryEventFilterType.CloseEvent : HistoryEventFilterType.AllEvent,
        },
        within is { } time ? Scenario.Within(time) : null);
}
