using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace Mainstay.ServiceDefaults.Tests.Schemas;

/// <summary>Marks a test of the public JSON Schema Test Suite: one case for each of its files, and none where the suite is not there.</summary>
[XunitTestCaseDiscoverer(typeof(SchemaSuiteDiscoverer))]
public sealed class SchemaSuiteFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber);

/// <summary>Finds the cases where <c>JSON_SCHEMA_TEST_SUITE</c> names the suite's folder; a test without cases would fail otherwise.</summary>
public sealed class SchemaSuiteDiscoverer : TheoryDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        SchemaSuite.Folder is null
            ? ValueTask.FromResult<IReadOnlyCollection<IXunitTestCase>>([])
            : base.Discover(discoveryOptions, testMethod, factAttribute);
}
