' Types into a workbook as a person would, and saves it: cells and texts come from a file, one a line, tab between.
Sub TypeInto(workbook As String, typed As String, saved As String)
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    document = StarDesktop.loadComponentFromURL(ConvertToURL(workbook), "_blank", 0, hidden())
    frame = document.CurrentController.Frame
    dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
    reader = createUnoService("com.sun.star.io.TextInputStream")
    reader.setInputStream(createUnoService("com.sun.star.ucb.SimpleFileAccess").openFileRead(ConvertToURL(typed)))
    reader.setEncoding("UTF-8")
    Dim place(0) As New com.sun.star.beans.PropertyValue
    place(0).Name = "ToPoint"
    Dim text(0) As New com.sun.star.beans.PropertyValue
    text(0).Name = "StringName"
    Do While Not reader.isEOF()
        parts = Split(reader.readLine(), Chr(9))
        If UBound(parts) = 2 Then
            document.CurrentController.setActiveSheet(document.Sheets.getByName(parts(0)))
            place(0).Value = parts(1)
            text(0).Value = parts(2)
            dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, place())
            dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, text())
        End If
    Loop
    Dim excel(0) As New com.sun.star.beans.PropertyValue
    excel(0).Name = "FilterName"
    excel(0).Value = "Calc MS Excel 2007 XML"
    document.storeToURL(ConvertToURL(saved), excel())
    document.close(True)
    StarDesktop.terminate()
End Sub
