using Keda.Inference.LocalCluster;

try
{
    return await ClusterCommand.Create().Parse(args).InvokeAsync() switch
    {
        // A word that the command line does not know.
        1 when ClusterCommand.Create().Parse(args).Errors.Count > 0 => ClusterProgram.Usage,
        var code => code,
    };
}
catch (ClusterException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return wrong.ExitCode;
}
