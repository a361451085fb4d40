-- Two high waters a day. Players see a gauge; other mods ask for the level or are told of high water.

tides = {}

local listeners = {}
local gauges = {}

--- Level of the water between -1 (low) and 1 (high), from the time of day.
function tides.level()
	return math.sin(minetest.get_timeofday() * 4 * math.pi)
end

--- The level in a word.
function tides.word()
	local level = tides.level()
	if level > 0.6 then
		return "high"
	elseif level < -0.6 then
		return "low"
	end
	return "between"
end

--- Calls `listener` at every high water.
function tides.on_high_water(listener)
	table.insert(listeners, listener)
end

local function gauge_text()
	return string.format("Tide %+.1f  %s", tides.level(), tides.word())
end

minetest.register_on_joinplayer(function(player)
	gauges[player:get_player_name()] = player:hud_add({
		hud_elem_type = "text",
		position = { x = 0, y = 1 },
		offset = { x = 16, y = -24 },
		alignment = { x = 1, y = 0 },
		number = 0x5CC6B9,
		text = gauge_text(),
	})
end)

minetest.register_on_leaveplayer(function(player)
	gauges[player:get_player_name()] = nil
end)

local was_high = false

local function turn()
	for _, player in ipairs(minetest.get_connected_players()) do
		local gauge = gauges[player:get_player_name()]
		if gauge then
			player:hud_change(gauge, "text", gauge_text())
		end
	end
	local high = tides.word() == "high"
	if high and not was_high then
		minetest.log("action", "[tides] high water")
		for _, listener in ipairs(listeners) do
			listener()
		end
	end
	was_high = high
	minetest.after(5, turn)
end

minetest.register_chatcommand("tide", {
	description = "Tells how high the water is",
	func = function()
		return true, gauge_text()
	end,
})

minetest.after(1, turn)
minetest.log("action", "[tides] the water moves")
